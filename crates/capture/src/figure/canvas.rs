//! Drawing: a sheet of pixels, shapes and text on it, and the PNG of it.

use tiny_skia::{
    FillRule, LineCap, LineJoin, Paint, PathBuilder, Pixmap, Rect, Stroke, StrokeDash, Transform,
};

use super::color::{Color, PAPER, mix};
use super::text::Style;

/// Where a text stands relative to its point.
#[derive(Clone, Copy)]
pub(super) enum Align {
    Left,
    Center,
    Right,
}

/// A sheet. Drawing outside it is allowed and has no effect.
pub(super) struct Canvas {
    pixmap: Option<Pixmap>,
}

impl Canvas {
    /// An empty sheet, in pixels.
    pub(super) fn new(width: f32, height: f32) -> Self {
        let mut pixmap = Pixmap::new(width.ceil() as u32, height.ceil() as u32);
        if let Some(pixmap) = &mut pixmap {
            pixmap.fill(paint_color(PAPER));
        }
        Self { pixmap }
    }

    /// A filled rectangle.
    pub(super) fn rectangle(&mut self, x: f32, y: f32, width: f32, height: f32, color: Color) {
        if let (Some(pixmap), Some(rect)) = (&mut self.pixmap, Rect::from_xywh(x, y, width, height)) {
            pixmap.fill_rect(rect, &paint(color), Transform::identity(), None);
        }
    }

    /// A filled outline that lets through what is below it.
    pub(super) fn area(&mut self, points: &[(f32, f32)], color: Color) {
        let mut path = path(points);
        path.close();
        if let (Some(pixmap), Some(path)) = (&mut self.pixmap, path.finish()) {
            let mut paint = paint(color);
            paint.shader.apply_opacity(0.1);
            pixmap.fill_path(&path, &paint, FillRule::Winding, Transform::identity(), None);
        }
    }

    /// A line through the points.
    pub(super) fn line(&mut self, points: &[(f32, f32)], width: f32, color: Color) {
        self.stroke(
            points,
            Stroke { width, line_join: LineJoin::Round, line_cap: LineCap::Round, ..Stroke::default() },
            color,
        );
    }

    /// A dashed line through the points.
    pub(super) fn dashes(&mut self, points: &[(f32, f32)], width: f32, color: Color) {
        self.stroke(
            points,
            Stroke { width, dash: StrokeDash::new(vec![6.0, 5.0], 0.0), ..Stroke::default() },
            color,
        );
    }

    fn stroke(&mut self, points: &[(f32, f32)], stroke: Stroke, color: Color) {
        if let (Some(pixmap), Some(path)) = (&mut self.pixmap, path(points).finish()) {
            pixmap.stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
        }
    }

    /// A text whose vertical middle is at `y`.
    pub(super) fn text(&mut self, x: f32, y: f32, text: &str, style: Style, align: Align, color: Color) {
        let left = (x - style.width(text) * shift(align)).round() as i32;
        let top = (y - style.height() / 2.0).round() as i32;
        self.letters(text, style, color, |along, across| (left + along, top + across));
    }

    /// A text that reads upwards, its middle line at `x`; `align` is along the text.
    pub(super) fn upward_text(
        &mut self,
        x: f32,
        y: f32,
        text: &str,
        style: Style,
        align: Align,
        color: Color,
    ) {
        let left = (x - style.height() / 2.0).round() as i32;
        let bottom = (y + style.width(text) * shift(align)).round() as i32;
        self.letters(text, style, color, |along, across| (left + across, bottom - along));
    }

    fn letters(&mut self, text: &str, style: Style, color: Color, place: impl Fn(i32, i32) -> (i32, i32)) {
        let mut start = 0;
        for letter in style.letters(text) {
            for (across, row) in letter.rows().enumerate() {
                for (along, &coverage) in row.iter().enumerate() {
                    let (x, y) = place(start + along as i32, across as i32);
                    self.blend(x, y, color, f64::from(coverage) / 255.0);
                }
            }
            start += letter.width() as i32;
        }
    }

    fn blend(&mut self, x: i32, y: i32, color: Color, coverage: f64) {
        let Some(pixmap) = &mut self.pixmap else { return };
        let (width, height) = (pixmap.width() as i32, pixmap.height() as i32);
        if coverage == 0.0 || !(0..width).contains(&x) || !(0..height).contains(&y) {
            return;
        }
        let at = 4 * (y * width + x) as usize;
        let pixel = &mut pixmap.data_mut()[at..at + 3];
        let blended = mix([pixel[0], pixel[1], pixel[2]], color, coverage);
        pixel.copy_from_slice(&blended);
    }

    /// The PNG; empty when the sheet is too large to exist.
    pub(super) fn png(&self, title: &str) -> Vec<u8> {
        self.pixmap.as_ref().and_then(|pixmap| encode(pixmap, title).ok()).unwrap_or_default()
    }
}

/// Opaque pixels need no alpha channel.
fn encode(pixmap: &Pixmap, title: &str) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.add_itxt_chunk("Title".to_owned(), title.to_owned())?;
    let mut writer = encoder.write_header()?;
    let rgb: Vec<u8> =
        pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    writer.write_image_data(&rgb)?;
    writer.finish()?;
    Ok(bytes)
}

fn shift(align: Align) -> f32 {
    match align {
        Align::Left => 0.0,
        Align::Center => 0.5,
        Align::Right => 1.0,
    }
}

fn path(points: &[(f32, f32)]) -> PathBuilder {
    let mut path = PathBuilder::new();
    for (index, &(x, y)) in points.iter().enumerate() {
        if index == 0 {
            path.move_to(x, y);
        } else {
            path.line_to(x, y);
        }
    }
    path
}

fn paint(color: Color) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color(paint_color(color));
    paint
}

fn paint_color([red, green, blue]: Color) -> tiny_skia::Color {
    tiny_skia::Color::from_rgba8(red, green, blue, 255)
}
