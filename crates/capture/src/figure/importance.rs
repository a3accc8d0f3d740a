//! Feature importance as bars.

use super::canvas::{Align, Canvas};
use super::color::{ACCENT, FRAME, GRID, INK, MUTED, OPPOSITE};
use super::text::Style;

/// More bars than this nobody reads.
const MAX_BARS: usize = 30;

const WIDTH: f32 = 880.0;
const TOP: f32 = 64.0;
const ROW: f32 = 27.0;
const BAR: f32 = 17.0;
const BOTTOM: f32 = 52.0;
const MARGIN: f32 = 26.0;
const MAX_NAME: f32 = 280.0;
/// Room for a number at the end of a bar.
const NUMBER: f32 = 92.0;

/// `feature_importance_weight.png`: the 30 that weigh most as bars, largest first, with their numbers. Negative ones
/// go to the left, in another colour. What is not a finite number is left out.
pub fn feature_importance(importance: &[(String, f64)], title: &str) -> Vec<u8> {
    let mut bars: Vec<(&str, f64)> = importance
        .iter()
        .filter(|(_, value)| value.is_finite())
        .map(|(name, value)| (name.as_str(), *value))
        .collect();
    bars.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(b.0)));
    bars.truncate(MAX_BARS);
    let rows = bars.len().max(1) as f32;
    let mut canvas = Canvas::new(WIDTH, TOP + rows * ROW + BOTTOM);
    canvas.text(MARGIN, TOP / 2.0, title, Style::Title, Align::Left, INK);
    let scale = Scale::new(&bars);
    let bottom = TOP + rows * ROW;
    for step in 1..=4 {
        for x in scale.grid(f64::from(step) / 4.0) {
            canvas.line(&[(x, TOP), (x, bottom)], 1.0, GRID);
        }
    }
    for (row, &(name, value)) in bars.iter().enumerate() {
        bar(&mut canvas, &scale, TOP + (row as f32 + 0.5) * ROW, name, value);
    }
    canvas.line(&[(scale.zero, TOP - 2.0), (scale.zero, bottom + 2.0)], 1.0, FRAME);
    canvas.text(
        MARGIN,
        bottom + BOTTOM / 2.0,
        &note(bars.len(), importance.len()),
        Style::Label,
        Align::Left,
        MUTED,
    );
    canvas.png(title)
}

fn bar(canvas: &mut Canvas, scale: &Scale, y: f32, name: &str, value: f64) {
    let end = scale.x(value);
    let (left, width) = (end.min(scale.zero), (end - scale.zero).abs().max(1.0));
    canvas.rectangle(left, y - BAR / 2.0, width, BAR, if value < 0.0 { OPPOSITE } else { ACCENT });
    let name = Style::Label.fitted(name, scale.names);
    canvas.text(MARGIN + scale.names, y, &name, Style::Label, Align::Right, INK);
    let (x, align) = if value < 0.0 { (end - 8.0, Align::Right) } else { (end + 8.0, Align::Left) };
    canvas.text(x, y, &number(value), Style::Label, align, MUTED);
}

fn note(shown: usize, all: usize) -> String {
    match (shown, all) {
        (0, _) => "No feature importance was given.".to_owned(),
        (shown, all) if shown < all => format!("The {shown} largest of {all} features."),
        (1, _) => "1 feature.".to_owned(),
        (_, all) => format!("{all} features."),
    }
}

/// Whole numbers as they are, others with four digits that count.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if size.fract() == 0.0 && size < 1e9 => format!("{value:.0}"),
        size if !(1e-4..1e9).contains(&size) => format!("{value:.2e}"),
        size => format!("{value:.*}", (3 - size.log10().floor() as i32).clamp(0, 7) as usize),
    }
}

/// Where values lie on the sheet.
struct Scale {
    /// The width of the names' column.
    names: f32,
    /// Where 0 is.
    zero: f32,
    /// Pixels per unit.
    unit: f64,
    negative: bool,
    positive: bool,
    largest: f64,
}

impl Scale {
    fn new(bars: &[(&str, f64)]) -> Self {
        let names = bars.iter().map(|(name, _)| Style::Label.width(name)).fold(40.0, f32::max).min(MAX_NAME);
        let largest = bars.first().map_or(0.0, |(_, value)| value.abs());
        let (negative, positive) = (bars.iter().any(|bar| bar.1 < 0.0), bars.iter().any(|bar| bar.1 >= 0.0));
        let left = MARGIN + names + 12.0 + if negative { NUMBER } else { 0.0 };
        let right = WIDTH - MARGIN - if positive { NUMBER } else { 0.0 };
        let (zero, length) = match (negative, positive) {
            (true, true) => ((left + right) / 2.0, (right - left) / 2.0),
            (true, false) => (right, right - left),
            _ => (left, right - left),
        };
        let unit = if largest > 0.0 { f64::from(length) / largest } else { 0.0 };
        Self { names, zero: zero.floor() + 0.5, unit, negative, positive, largest }
    }

    fn x(&self, value: f64) -> f32 {
        self.zero + (value * self.unit) as f32
    }

    /// The grid lines at a share of the largest value, on the sides that are used.
    fn grid(&self, share: f64) -> Vec<f32> {
        let mut lines = Vec::new();
        if self.positive {
            lines.push(self.x(self.largest * share).floor() + 0.5);
        }
        if self.negative {
            lines.push(self.x(-self.largest * share).floor() + 0.5);
        }
        lines
    }
}
