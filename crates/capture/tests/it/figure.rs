use trackline_capture::evaluate::{ConfusionMatrix, precision_recall_curve, roc_curve};
use trackline_capture::figure;

const ACCENT: [u8; 3] = [29, 99, 216];
const OPPOSITE: [u8; 3] = [217, 95, 50];
const PAPER: [u8; 3] = [255, 255, 255];

/// A decoded picture.
struct Picture {
    width: usize,
    height: usize,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    fn decode(bytes: &[u8]) -> Self {
        let mut reader = png::Decoder::new(std::io::Cursor::new(bytes)).read_info().unwrap();
        let mut buffer = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut buffer).unwrap();
        assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Rgb, png::BitDepth::Eight));
        let pixels = buffer.chunks_exact(3).map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
        Self { width: info.width as usize, height: info.height as usize, pixels }
    }

    fn row(&self, y: usize) -> &[[u8; 3]] {
        &self.pixels[y * self.width..][..self.width]
    }

    fn count(&self, color: [u8; 3]) -> usize {
        self.pixels.iter().filter(|pixel| **pixel == color).count()
    }

    /// The lengths of the bars of this colour, from top to bottom.
    fn bars(&self, color: [u8; 3]) -> Vec<usize> {
        let lengths = (0..self.height).map(|y| self.row(y).iter().filter(|pixel| **pixel == color).count());
        let mut bars: Vec<usize> = Vec::new();
        let mut above = 0;
        for length in lengths {
            if above == 0 && length > 0 {
                bars.push(0);
            }
            if let Some(bar) = bars.last_mut() {
                *bar = (*bar).max(length);
            }
            above = length;
        }
        bars
    }
}

fn matrix(names: &[&str], counts: &[f64]) -> ConfusionMatrix {
    ConfusionMatrix { names: names.iter().map(|name| (*name).to_owned()).collect(), counts: counts.to_vec() }
}

fn iris() -> ConfusionMatrix {
    matrix(&["setosa", "versicolor", "virginica"], &[50., 0., 0., 0., 47., 3., 0., 1., 49.])
}

fn importance(features: usize) -> Vec<(String, f64)> {
    (0..features).map(|index| (format!("feature {index}"), (1 + index) as f64)).collect()
}

#[test]
fn confusion_matrix_is_dark_where_it_is_right() {
    let picture = Picture::decode(&figure::confusion_matrix(&iris(), "Normalized confusion matrix"));
    assert!((640..=960).contains(&picture.width), "{} wide", picture.width);
    let darkest = [11, 55, 118];
    assert!(picture.count(darkest) > 150 * 150, "the cell of the class that is always right");
    let right = picture.count(darkest);
    let wrong =
        Picture::decode(&figure::confusion_matrix(&matrix(&["a", "b", "c"], &[1.; 9]), "")).count(darkest);
    assert!(wrong < right / 100, "a guess has no dark cell");
}

#[test]
fn confusion_matrix_says_its_values() {
    let plain = figure::confusion_matrix(&matrix(&["a", "b"], &[3., 0., 0., 3.]), "Confusion");
    let other = figure::confusion_matrix(&matrix(&["a", "b"], &[4., 0., 0., 4.]), "Confusion");
    assert_ne!(plain, other, "equal shares, other counts");
    let renamed = figure::confusion_matrix(&matrix(&["a", "c"], &[3., 0., 0., 3.]), "Confusion");
    assert_ne!(plain, renamed);
}

#[test]
fn confusion_matrix_of_any_size_is_drawn() {
    for classes in [0, 1, 40, 600] {
        let names: Vec<String> =
            (0..classes).map(|class| format!("a long name of class {class} ü")).collect();
        let matrix = ConfusionMatrix { names, counts: vec![1.0; classes * classes] };
        let picture = Picture::decode(&figure::confusion_matrix(&matrix, "Normalized confusion matrix"));
        assert!(picture.width > 130 && picture.height > 130);
    }
}

#[test]
fn roc_curve_runs_through_its_points() {
    let perfect = roc_curve(&[false, false, true, true], &[0.1, 0.2, 0.8, 0.9], None).unwrap();
    let picture = Picture::decode(&figure::roc_curve(&perfect, "ROC curve"));
    assert_eq!((picture.width, picture.height), (720, 640));
    let top = picture.row(62).iter().filter(|pixel| **pixel == ACCENT).count();
    assert!(top > 580, "a perfect curve follows the upper edge, {top} pixels");
    assert_eq!(picture.row(300)[92], ACCENT, "and the left one");
}

#[test]
fn precision_recall_curve_falls_where_it_errs() {
    let curve = precision_recall_curve(&[true, false, true, false], &[0.9, 0.8, 0.7, 0.1], None).unwrap();
    let picture = Picture::decode(&figure::precision_recall_curve(&curve, "Precision-recall curve"));
    let top = picture.row(62).iter().filter(|pixel| **pixel == ACCENT).count();
    assert!((280..320).contains(&top), "precision 1 up to recall 0.5, {top} pixels");
}

#[test]
fn a_million_points_are_drawn() {
    let scores: Vec<f64> = (0..1_000_000).map(|index| f64::from(index) / 1e6).collect();
    let positive: Vec<bool> = (0..1_000_000).map(|index| index % 3 == 0).collect();
    let roc = roc_curve(&positive, &scores, None).unwrap();
    assert!(Picture::decode(&figure::roc_curve(&roc, "ROC curve")).count(ACCENT) > 500);
}

#[test]
fn bars_are_sorted_and_as_long_as_they_weigh() {
    let bars =
        Picture::decode(&figure::feature_importance(&importance(4), "Feature importance")).bars(ACCENT);
    assert_eq!(bars.len(), 4);
    for (bar, weight) in bars.iter().zip([4, 3, 2, 1]) {
        let expected = bars[0] * weight / 4;
        assert!(bar.abs_diff(expected) <= 2, "{bars:?}");
    }
}

#[test]
fn the_thirty_largest_features_are_shown() {
    let many = Picture::decode(&figure::feature_importance(&importance(120), "Feature importance"));
    assert_eq!(many.bars(ACCENT).len(), 30);
    let all = Picture::decode(&figure::feature_importance(&importance(30), "Feature importance"));
    assert_eq!(many.height, all.height);
    let note = |picture: &Picture| picture.pixels[(picture.height - 40) * picture.width..].to_vec();
    assert!(note(&many) != note(&all), "a note says that there are more");
}

#[test]
fn negative_importance_points_the_other_way() {
    let mixed = [("up".to_owned(), 2.0), ("down".to_owned(), -1.0), ("broken".to_owned(), f64::NAN)];
    let picture = Picture::decode(&figure::feature_importance(&mixed, "Coefficients"));
    let (up, down) = (picture.bars(ACCENT), picture.bars(OPPOSITE));
    assert_eq!((up.len(), down.len()), (1, 1), "not-a-number has no bar");
    assert!(up[0].abs_diff(2 * down[0]) <= 2);
}

#[test]
fn nothing_to_show_is_said() {
    let picture = Picture::decode(&figure::feature_importance(&[], "Feature importance"));
    let below = &picture.pixels[picture.width * (picture.height - 40)..];
    assert!(below.iter().any(|pixel| *pixel != PAPER), "there is a text");
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let roc = roc_curve(&[false, true, false, true], &[0.1, 0.2, 0.3, 0.4], None).unwrap();
    assert_eq!(figure::roc_curve(&roc, "ROC curve"), figure::roc_curve(&roc, "ROC curve"));
    assert_eq!(figure::confusion_matrix(&iris(), "x"), figure::confusion_matrix(&iris(), "x"));
    assert_eq!(
        figure::feature_importance(&importance(9), "x"),
        figure::feature_importance(&importance(9), "x")
    );
}
