//! The store from the outside.

mod support;

mod smoke;
