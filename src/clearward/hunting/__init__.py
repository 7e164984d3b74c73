"""Looking for indicators in what machines wrote down."""
