"""How two cases belong together, in words from either side. Pure."""

LINK_NAMES: dict[str, tuple[str, str]] = {
    "follows": ("Tiếp theo hồ sơ", "Có hồ sơ tiếp theo"),
    "part": ("Thuộc hồ sơ", "Gồm hồ sơ"),
    "same": ("Cùng việc với hồ sơ", "Cùng việc với hồ sơ"),
}
