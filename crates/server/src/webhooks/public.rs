//! Which addresses belong to the public Internet (IANA's registries of special-purpose addresses).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether anybody may be reached by this address, and nobody near this machine.
pub(super) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => embedded(ip).map_or_else(|| is_public_v6(ip), is_public_v4),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        // This network; carrier-grade NAT; protocol assignments; benchmarks; what is reserved.
        [0, ..] | [192, 0, 0, _] | [240..=255, ..] => true,
        [100, second, ..] => second & 0xC0 == 64,
        [198, second, ..] => second & 0xFE == 18,
        _ => false,
    };
    let near = ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_multicast();
    !special && !near && !ip.is_documentation()
}

/// Global unicast, without what is set apart there for protocols and examples.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, ..] = ip.segments();
    let unicast = first & 0xE000 == 0x2000;
    let protocols = first == 0x2001 && second < 0x0200;
    let examples = (first == 0x2001 && second == 0x0DB8) || (first == 0x3FFF && second < 0x1000);
    unicast && !protocols && !examples
}

/// The IPv4 address that is meant: mapped, or reached by 6to4 or NAT64.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = ip.segments();
    let v4 = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match segments {
        [0x2002, high, low, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, high, low] => Some(v4(high, low)),
        _ => ip.to_ipv4_mapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_public_internet_is_public() {
        let public = |text: &str| is_public(text.parse().unwrap());
        for good in [
            "93.184.216.34",
            "8.8.8.8",
            "100.128.0.1",
            "198.20.0.1",
            "2606:4700::1111",
            "::ffff:8.8.8.8",
            "2002:808:808::1",
            "64:ff9b::808:808",
        ] {
            assert!(public(good), "{good}");
        }
        for bad in [
            "127.0.0.1",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "198.18.0.1",
            "203.0.113.9",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "2002:7f00:1::",
            "64:ff9b::a00:1",
        ] {
            assert!(!public(bad), "{bad}");
        }
    }
}
