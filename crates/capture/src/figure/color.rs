//! The colours of all figures.

/// Red, green, blue.
pub(super) type Color = [u8; 3];

pub(super) const PAPER: Color = [255, 255, 255];
pub(super) const INK: Color = [31, 41, 55];
pub(super) const MUTED: Color = [107, 114, 128];
pub(super) const FRAME: Color = [156, 163, 175];
pub(super) const GRID: Color = [236, 238, 242];
pub(super) const ACCENT: Color = [29, 99, 216];
pub(super) const OPPOSITE: Color = [217, 95, 50];

/// From almost white to dark blue; even steps of it look evenly far apart.
const BLUES: [Color; 6] =
    [[247, 250, 255], [213, 228, 247], [155, 196, 233], [89, 154, 212], [36, 104, 179], [11, 55, 118]];

/// The shade for a share between 0 and 1.
pub(super) fn shade(share: f64) -> Color {
    let place = share.clamp(0.0, 1.0) * (BLUES.len() - 1) as f64;
    let below = (place as usize).min(BLUES.len() - 2);
    mix(BLUES[below], BLUES[below + 1], place - below as f64)
}

/// Black or white, whichever reads better on the shade of this share.
pub(super) fn ink_on(share: f64) -> Color {
    if share > 0.55 { PAPER } else { INK }
}

pub(super) fn mix(from: Color, to: Color, share: f64) -> Color {
    let channel = |index: usize| {
        let (from, to) = (f64::from(from[index]), f64::from(to[index]));
        (from + (to - from) * share).round() as u8
    };
    [channel(0), channel(1), channel(2)]
}
