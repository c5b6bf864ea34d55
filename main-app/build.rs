//! A migration that was added must be built in.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
