"""What runs beside the main job when it runs every day: processes kept alive, messages, figures for monitors."""
