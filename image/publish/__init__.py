"""What goes beside the image: what is in it, how to check it, how Raspberry Pi Imager finds it."""
