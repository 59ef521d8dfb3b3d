"""What VisiOnline's web API says and means, without I/O."""
