"""What strangers get: the wheel, its installations, and output on systems that are not ours."""
