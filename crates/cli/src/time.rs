//! Times and durations as people say them.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Milliseconds since the epoch.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// `2026-01-31 12:00:00`, in the time zone of this machine.
pub(crate) fn local(millis: i64) -> String {
    match Timestamp::from_millisecond(millis) {
        Ok(time) => time.to_zoned(TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => millis.to_string(),
    }
}

/// How long before `now`: `3 min ago`; after a month the day.
pub(crate) fn ago(millis: i64, now: i64) -> String {
    let seconds = (now - millis) / 1000;
    match seconds {
        i64::MIN..0 => local(millis),
        0..60 => format!("{seconds} s ago"),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..86_400 => format!("{} h ago", seconds / 3600),
        86_400..2_592_000 => format!("{} d ago", seconds / 86_400),
        _ => local(millis).chars().take(10).collect(),
    }
}

/// `350 ms`, `2.5 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`.
pub(crate) fn duration(millis: i64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0 => format!("{millis} ms"),
        1..60 => format!("{}.{} s", seconds, millis % 1000 / 100),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::{ago, duration};

    #[test]
    fn durations_have_two_units_at_most() {
        let shown: Vec<_> = [0, 999, 1000, 59_999, 60_000, 3_725_000, 90_000_000].map(duration).into();
        assert_eq!(shown, ["0 ms", "999 ms", "1.0 s", "59.9 s", "1 min 0 s", "1 h 2 min", "1 d 1 h"]);
    }

    #[test]
    fn ago_goes_by_the_largest_unit() {
        let shown: Vec<_> =
            [0, 59, 60, 7199, 86_400].map(|s| ago(1_000_000_000_000 - s * 1000, 1_000_000_000_000)).into();
        assert_eq!(shown, ["0 s ago", "59 s ago", "1 min ago", "1 h ago", "1 d ago"]);
    }
}
