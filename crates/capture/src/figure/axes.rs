//! The unit square that ROC and precision-recall curves are drawn in.

use super::canvas::{Align, Canvas};
use super::color::{FRAME, GRID, INK, MUTED, PAPER};
use super::text::Style;

const WIDTH: f32 = 720.0;
const HEIGHT: f32 = 640.0;
const LEFT: f32 = 92.0;
const TOP: f32 = 62.0;
const RIGHT: f32 = 32.0;
const BOTTOM: f32 = 84.0;

/// Axes from 0 to 1 in both directions, on a sheet of their own.
pub(super) struct UnitAxes {
    pub(super) canvas: Canvas,
}

impl UnitAxes {
    /// Frame, grid and texts.
    pub(super) fn new(title: &str, x_label: &str, y_label: &str) -> Self {
        let mut axes = Self { canvas: Canvas::new(WIDTH, HEIGHT) };
        for step in 0..=5 {
            axes.tick(f64::from(step) / 5.0);
        }
        let (left, bottom) = point(0.0, 0.0);
        let (right, top) = point(1.0, 1.0);
        axes.canvas.line(&[(left, top), (left, bottom), (right, bottom)], 1.0, FRAME);
        axes.canvas.text(left, TOP / 2.0, title, Style::Title, Align::Left, INK);
        axes.canvas.text((left + right) / 2.0, HEIGHT - 26.0, x_label, Style::Label, Align::Center, INK);
        axes.canvas.upward_text(26.0, (top + bottom) / 2.0, y_label, Style::Label, Align::Center, INK);
        axes
    }

    fn tick(&mut self, at: f64) {
        let label = format!("{at:.1}");
        let ((left, bottom), (right, top)) = (point(0.0, 0.0), point(1.0, 1.0));
        let (x, y) = point(at, at);
        self.canvas.line(&[(x, top), (x, bottom)], 1.0, GRID);
        self.canvas.line(&[(left, y), (right, y)], 1.0, GRID);
        self.canvas.text(x, bottom + 18.0, &label, Style::Label, Align::Center, MUTED);
        self.canvas.text(left - 12.0, y, &label, Style::Label, Align::Right, MUTED);
    }

    /// A line of text in the corner at the bottom right, in a box of its own; the curve is above it in a good model.
    pub(super) fn legend(&mut self, text: &str) {
        let (right, bottom) = point(1.0, 0.0);
        let width = Style::Strong.width(text) + 24.0;
        let (x, y) = (right - 14.0 - width, bottom - 48.0);
        self.canvas.rectangle(x, y, width, 32.0, PAPER);
        self.canvas.line(&[(x, y), (x + width, y), (x + width, y + 32.0), (x, y + 32.0), (x, y)], 1.0, GRID);
        self.canvas.text(x + 12.0, y + 16.0, text, Style::Strong, Align::Left, INK);
    }
}

/// Where a point of the unit square lies on the sheet. Grid lines get whole pixels.
pub(super) fn point(x: f64, y: f64) -> (f32, f32) {
    let (width, height) = (WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);
    let (x, y) = (LEFT + x as f32 * width, TOP + (1.0 - y as f32) * height);
    ((x * 4.0).round() / 4.0 + 0.5, (y * 4.0).round() / 4.0 + 0.5)
}
