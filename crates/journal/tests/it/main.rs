//! The journal against real files.
#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests too

mod damage;
mod limits;
mod recovery;
mod round_trip;
mod samples;
mod space;
mod versions;
mod writing;
