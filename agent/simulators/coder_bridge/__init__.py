"""The Coder Bridge and its encoders, as the reference describes them."""
