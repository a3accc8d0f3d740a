//! Letters, from a font that is compiled in.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};

/// How large and heavy a text is.
#[derive(Clone, Copy)]
pub(super) enum Style {
    Label,
    Strong,
    Title,
}

impl Style {
    fn font(self) -> (FontWeight, RasterHeight) {
        match self {
            Self::Label => (FontWeight::Regular, RasterHeight::Size16),
            Self::Strong => (FontWeight::Bold, RasterHeight::Size16),
            Self::Title => (FontWeight::Bold, RasterHeight::Size20),
        }
    }

    /// The height of a line, in pixels.
    pub(super) fn height(self) -> f32 {
        self.font().1.val() as f32
    }

    /// The width of a text, in pixels.
    pub(super) fn width(self, text: &str) -> f32 {
        let (weight, height) = self.font();
        (text.chars().count() * get_raster_width(weight, height)) as f32
    }

    /// The letters of a text, `?` for those that the font lacks.
    pub(super) fn letters(self, text: &str) -> impl Iterator<Item = RasterizedChar> {
        let (weight, height) = self.font();
        text.chars().filter_map(move |letter| {
            get_raster(letter, weight, height).or_else(|| get_raster('?', weight, height))
        })
    }

    /// The text, or as much of its start as fits into `width` pixels, then `..`.
    pub(super) fn fitted(self, text: &str, width: f32) -> String {
        let fits = (width / self.width("0")) as usize;
        if text.chars().count() <= fits {
            return text.to_owned();
        }
        let start: String = text.chars().take(fits.saturating_sub(2)).collect();
        format!("{start}..")
    }
}
