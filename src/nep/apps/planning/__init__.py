"""The plan of the QMS: context, scope and policy; risks and opportunities; objectives."""
