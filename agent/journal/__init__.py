"""What outlives a power cut: the rows of orders, on a disk that may be full, torn or gone."""
