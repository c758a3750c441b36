"""What is kept between runs and shared by all visitors, each store with its bound in bytes."""
