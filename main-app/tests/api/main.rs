//! The contract that any main application must meet.
