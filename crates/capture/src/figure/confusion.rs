//! The confusion matrix.

use super::canvas::{Align, Canvas};
use super::color::{FRAME, INK, MUTED, ink_on, shade};
use super::text::Style;
use crate::evaluate::ConfusionMatrix;

const TOP: f32 = 62.0;
const RIGHT: f32 = 104.0;
/// The side that the whole matrix would like to have.
const SIDE: f32 = 520.0;
const MAX_CELL: f32 = 180.0;
const MAX_LABEL: f32 = 150.0;
/// Room for the name of an axis.
const AXIS: f32 = 48.0;

/// `training_confusion_matrix.png`: each row as shares of its true class, the counts below where there is room.
pub fn confusion_matrix(matrix: &ConfusionMatrix, title: &str) -> Vec<u8> {
    let layout = Layout::new(matrix);
    let mut canvas = Canvas::new(layout.width(), layout.height());
    canvas.text(26.0, TOP / 2.0, title, Style::Title, Align::Left, INK);
    for row in 0..layout.classes {
        let cells = &matrix.counts[row * layout.classes..][..layout.classes];
        let total: f64 = cells.iter().sum();
        for (column, &count) in cells.iter().enumerate() {
            layout.cell(&mut canvas, row, column, count, if total > 0.0 { count / total } else { 0.0 });
        }
    }
    let (left, side) = (layout.left, layout.side());
    outline(&mut canvas, left, TOP, side, side);
    layout.labels(&mut canvas, &matrix.names);
    canvas.text(
        left + side / 2.0,
        layout.height() - 26.0,
        "Predicted label",
        Style::Label,
        Align::Center,
        INK,
    );
    canvas.upward_text(26.0, TOP + side / 2.0, "True label", Style::Label, Align::Center, INK);
    layout.scale(&mut canvas);
    canvas.png(title)
}

fn outline(canvas: &mut Canvas, x: f32, y: f32, width: f32, height: f32) {
    let (x, y) = (x - 0.5, y - 0.5);
    let (right, bottom) = (x + width + 1.0, y + height + 1.0);
    canvas.line(&[(x, y), (right, y), (right, bottom), (x, bottom), (x, y)], 1.0, FRAME);
}

/// Sizes in pixels.
struct Layout {
    classes: usize,
    cell: f32,
    left: f32,
    /// The height of the labels below.
    below: f32,
    /// Whether the labels below have to stand upright.
    upright: bool,
    /// Every how many-th class gets a label.
    every: usize,
}

impl Layout {
    fn new(matrix: &ConfusionMatrix) -> Self {
        let classes = matrix.names.len();
        let cell = (SIDE / classes.max(1) as f32).min(MAX_CELL).floor().max(1.0);
        let every = (Style::Label.height() / cell).ceil().max(1.0) as usize;
        let longest =
            matrix.names.iter().map(|name| Style::Label.width(name)).fold(0.0, f32::max).min(MAX_LABEL);
        let upright = longest > cell * every as f32 - 8.0;
        let below = if upright { longest } else { Style::Label.height() };
        Self { classes, cell, left: AXIS + longest + 12.0, below, upright, every }
    }

    fn side(&self) -> f32 {
        self.cell * self.classes as f32
    }

    fn width(&self) -> f32 {
        self.left + self.side() + RIGHT
    }

    fn height(&self) -> f32 {
        TOP + self.side() + 12.0 + self.below + AXIS
    }

    fn cell(&self, canvas: &mut Canvas, row: usize, column: usize, count: f64, share: f64) {
        let (x, y) = (self.left + column as f32 * self.cell, TOP + row as f32 * self.cell);
        // A pixel of paper between large cells separates equal shades.
        let gap = if self.cell > 24.0 { 1.0 } else { 0.0 };
        canvas.rectangle(x, y, self.cell - gap, self.cell - gap, shade(share));
        let (middle, center, ink) = (x + self.cell / 2.0, y + self.cell / 2.0, ink_on(share));
        let text = if self.cell >= 52.0 { format!("{share:.3}") } else { format!("{share:.2}") };
        if self.cell < Style::Label.width(&text) + 4.0 {
            return;
        }
        let small = format!("{count:.0}");
        let both = self.cell >= 60.0 && count.fract() == 0.0 && Style::Label.width(&small) < self.cell - 8.0;
        let lift = if both { 10.0 } else { 0.0 };
        canvas.text(middle, center - lift, &text, Style::Strong, Align::Center, ink);
        if both {
            let faint = super::color::mix(ink, shade(share), 0.25);
            canvas.text(middle, center + lift, &small, Style::Label, Align::Center, faint);
        }
    }

    fn labels(&self, canvas: &mut Canvas, names: &[String]) {
        for (index, name) in names.iter().enumerate().step_by(self.every) {
            let name = Style::Label.fitted(name, MAX_LABEL);
            let along = (index as f32 + 0.5) * self.cell;
            canvas.text(self.left - 10.0, TOP + along, &name, Style::Label, Align::Right, MUTED);
            let (x, y) = (self.left + along, TOP + self.side() + 10.0);
            if self.upright {
                canvas.upward_text(x, y, &name, Style::Label, Align::Right, MUTED);
            } else {
                canvas.text(x, y + Style::Label.height() / 2.0, &name, Style::Label, Align::Center, MUTED);
            }
        }
    }

    /// The shades from 0 to 1 at the right.
    fn scale(&self, canvas: &mut Canvas) {
        let (x, height) = (self.left + self.side() + 26.0, self.side());
        for step in 0..height as usize {
            let share = 1.0 - step as f64 / f64::from(height - 1.0).max(1.0);
            canvas.rectangle(x, TOP + step as f32, 18.0, 1.0, shade(share));
        }
        outline(canvas, x, TOP, 18.0, height);
        for (share, label) in [(0.0, "0.0"), (0.5, "0.5"), (1.0, "1.0")] {
            canvas.text(x + 26.0, TOP + height * (1.0 - share), label, Style::Label, Align::Left, MUTED);
        }
    }
}
