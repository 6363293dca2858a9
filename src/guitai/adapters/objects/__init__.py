"""Object stores: local folder and S3, through obstore."""
