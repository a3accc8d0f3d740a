use super::proc_file::ProcFile;

/// The interfaces that this process sees, from `/proc/net/dev`.
pub(super) struct Network(ProcFile);

/// Since the interfaces came up.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Bytes {
    pub(super) received: u64,
    pub(super) transmitted: u64,
}

impl Network {
    pub(super) fn open() -> Option<Self> {
        // Not /proc/net, which belongs to the thread that opens it.
        ProcFile::open("/proc/self/net/dev").map(Self)
    }

    pub(super) fn bytes(&mut self) -> Option<Bytes> {
        self.0.read().map(sum)
    }
}

/// All interfaces but the loopback: what a machine tells itself went nowhere.
fn sum(text: &str) -> Bytes {
    let mut sum = Bytes::default();
    for (name, counters) in text.lines().filter_map(|line| line.split_once(':')) {
        let mut counters = counters.split_ascii_whitespace().map(|field| field.parse().unwrap_or(0));
        if name.trim() != "lo" {
            sum.received += counters.next().unwrap_or(0);
            sum.transmitted += counters.nth(7).unwrap_or(0);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{Bytes, sum};

    #[test]
    fn interfaces_are_added_without_the_loopback() {
        let text = "Inter-|   Receive          |  Transmit\n face |bytes    packets errs|bytes packets\n\
                    \x20   lo: 500 1 0 0 0 0 0 0 500 1 0 0 0 0 0 0\n\
                    \x20 eth0:1000 2 0 0 0 0 0 0 30 4 0 0 0 0 0 0\n\
                    \x20 wlan0: 200 2 0 0 0 0 0 0 7 4 0 0 0 0 0 0\n";
        assert_eq!(sum(text), Bytes { received: 1200, transmitted: 37 });
    }
}
