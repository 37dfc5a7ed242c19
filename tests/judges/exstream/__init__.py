"""A stranger who knows the contract of Exstream and nothing of our code, with a plain HTTP client."""
