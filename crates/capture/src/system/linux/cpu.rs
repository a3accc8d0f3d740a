use super::proc_file::ProcFile;
use crate::system::percentage;

/// All processors together, from the first line of `/proc/stat`.
pub(super) struct Cpu {
    stat: ProcFile,
    last: Option<Times>,
}

/// In ticks since the machine started.
struct Times {
    idle: u64,
    all: u64,
}

impl Cpu {
    pub(super) fn open() -> Option<Self> {
        Some(Self { stat: ProcFile::open("/proc/stat")?, last: None })
    }

    /// How busy they were since the call before.
    pub(super) fn utilization(&mut self) -> Option<f64> {
        let now = Times::parse(self.stat.read()?)?;
        let before = self.last.replace(now)?;
        let now = self.last.as_ref()?;
        let (all, idle) = (now.all.saturating_sub(before.all), now.idle.saturating_sub(before.idle));
        percentage(all.saturating_sub(idle) as f64, all as f64)
    }
}

impl Times {
    /// `cpu  user nice system idle iowait irq softirq steal guest guest_nice`; the guests' are in the first two.
    fn parse(stat: &str) -> Option<Self> {
        let line = stat.lines().next()?.strip_prefix("cpu ")?;
        let mut times = [0; 8];
        for (time, field) in times.iter_mut().zip(line.split_ascii_whitespace()) {
            *time = field.parse().ok()?;
        }
        Some(Self { idle: times[3] + times[4], all: times.iter().sum() })
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn waiting_for_storage_is_idle_and_guests_count_once() {
        let times = Times::parse("cpu  100 20 30 400 50 6 7 8 90 10\ncpu0 1 2 3 4\n").unwrap();
        assert_eq!((times.idle, times.all), (450, 621));
    }
}
