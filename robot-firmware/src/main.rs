//! Madoguchi.

fn main() {}
