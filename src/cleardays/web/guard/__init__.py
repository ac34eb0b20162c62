"""What every request passes before anything of ours looks at it: host, origin, size, rate; and what every answer says."""
