//! Numbers for people: enough digits to tell runs apart, no more.

/// Six significant digits, without trailing zeros.
pub(crate) fn short(value: f64) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e9).contains(&magnitude) {
        let text = format!("{value:.5e}");
        return match text.split_once('e') {
            Some((digits, exponent)) => format!("{}e{exponent}", without_zeros(digits)),
            None => text,
        };
    }
    let before = if magnitude == 0.0 { 0.0 } else { magnitude.log10().floor() };
    // From 0 to 9, as the magnitude is.
    let decimals = (5.0 - before).max(0.0) as usize;
    without_zeros(&format!("{value:.decimals$}")).to_owned()
}

fn without_zeros(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// `1.2 kB`, in powers of 1000.
pub(crate) fn bytes(count: u64) -> String {
    let mut scaled = count as f64;
    for unit in ["B", "kB", "MB", "GB"] {
        if scaled < 999.5 {
            return format!("{} {unit}", short((scaled * 10.0).round() / 10.0));
        }
        scaled /= 1000.0;
    }
    format!("{} TB", short((scaled * 10.0).round() / 10.0))
}

/// `1 run`, `2 runs`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    match (count, what) {
        (1, _) => format!("1 {what}"),
        (_, "process") => format!("{count} processes"),
        _ => format!("{count} {what}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{bytes, short};

    #[test]
    fn six_digits_are_shown() {
        let values =
            [0.0, 1.0, 0.954_545_45, 1e-5, 0.001_234_567, 123_456.789, 1e12, -2.5, f64::NAN, f64::INFINITY];
        let shown: Vec<_> = values.map(short).into();
        assert_eq!(
            shown,
            ["0", "1", "0.954545", "1e-5", "0.00123457", "123457", "1e12", "-2.5", "NaN", "inf"]
        );
    }

    #[test]
    fn sizes() {
        let shown: Vec<_> = [0, 999, 1_234, 12_345_678, 5_000_000_000_000].map(bytes).into();
        assert_eq!(shown, ["0 B", "999 B", "1.2 kB", "12.3 MB", "5 TB"]);
    }
}
