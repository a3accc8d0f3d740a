//! What one sample of the machine costs: `cargo run --release -p trackline-capture --example sample_cost`.

#![allow(clippy::print_stdout, clippy::unwrap_used)]

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use trackline_capture::system::Sampler;

fn main() {
    let mut sampler = Sampler::new(Path::new(".")).unwrap();
    sampler.open_devices();
    let costs: Vec<Duration> = (0..50)
        .map(|_| {
            sampler.sample();
            // As after a pause: the caches are cold.
            sleep(Duration::from_millis(50));
            sampler.cost()
        })
        .collect();
    let mut sorted = costs.clone();
    sorted.sort();
    for reading in sampler.sample() {
        println!("{:50} {}", reading.key, reading.value);
    }
    println!(
        "first {:?}, median {:?}, most {:?}",
        costs[0],
        sorted[sorted.len() / 2],
        sorted[sorted.len() - 1]
    );
}
