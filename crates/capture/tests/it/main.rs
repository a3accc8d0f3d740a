//! Tests of what can be observed around a run.

mod evaluate;
mod figure;
mod html;
mod mlmodel;
