"""Pages: the frame, components, refusals, the menu, and what every page needs. No business words."""
