"""What Public Value's speed is, measured. `make bench` prints every figure that the documentation states."""
