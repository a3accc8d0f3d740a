//! Records a run of a Rust program: `cargo run -p trackline --example rust_loss`, then `trackline ui`.

use trackline::Param;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let run = trackline::autolog()?;
    let rate = 0.1;
    run.log_params(vec![Param { key: "rate".to_owned(), value: rate.to_string() }])?;
    let mut weight = 5.0;
    for step in 0..100 {
        let loss = weight * weight;
        weight -= rate * 2.0 * weight;
        run.log_metric("loss", loss, step, None)?;
    }
    run.log_bytes(format!("weight {weight}\n").as_bytes(), "weight.txt")?;
    Ok(())
}
