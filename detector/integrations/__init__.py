"""What puts the detector into other programs: crawlers, assistants; each needs its own extra."""
