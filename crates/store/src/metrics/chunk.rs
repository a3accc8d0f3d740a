//! Points as bytes; `docs/format.md` describes them.

use pco::standalone::{simple_compress, simple_decompress};
use pco::{ChunkConfig, DeltaSpec};
use trackline_model::Point;

use crate::{Error, Result};

/// Points one after the other, 24 bytes each, little-endian: step, time, bits of the value.
const PLAIN: u8 = 0;
/// Three columns packed by `pco`, in front of each but the last its length in bytes as u32.
const PACKED: u8 = 1;

const POINT_BYTES: usize = 24;
/// Below this, the headers of three packed columns cost more than they save.
const PACK_FROM: usize = 8;
/// From here on it is searched how values follow one another. It is most of the work of packing; smaller chunks become
/// greater ones soon, and are packed again.
const SEARCH_FROM: usize = 1 << 10;

/// Packs points. They should be ordered: it makes them small.
pub(crate) fn pack(points: &[Point]) -> Result<Vec<u8>> {
    if points.len() < PACK_FROM { Ok(plain(points)) } else { packed(points) }
}

/// What [`pack`] packed, bit for bit.
pub(crate) fn unpack(bytes: &[u8]) -> Result<Vec<Point>> {
    match bytes.split_first() {
        Some((&PLAIN, rest)) => from_plain(rest),
        Some((&PACKED, rest)) => from_packed(rest),
        Some((kind, _)) => Err(Error::corrupt(format!("A metric chunk has the unknown kind {kind}."))),
        None => Err(Error::corrupt("A metric chunk is empty.")),
    }
}

fn plain(points: &[Point]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(1 + points.len() * POINT_BYTES);
    bytes.push(PLAIN);
    for point in points {
        bytes.extend(point.step.to_le_bytes());
        bytes.extend(point.timestamp.to_le_bytes());
        bytes.extend(point.value.to_bits().to_le_bytes());
    }
    bytes
}

fn from_plain(bytes: &[u8]) -> Result<Vec<Point>> {
    let (points, rest) = bytes.as_chunks::<POINT_BYTES>();
    if !rest.is_empty() {
        return Err(Error::corrupt("A metric chunk ends in the middle of a point."));
    }
    Ok(points
        .iter()
        .map(|point| {
            let (words, _) = point.as_chunks::<8>();
            Point {
                step: i64::from_le_bytes(words[0]),
                timestamp: i64::from_le_bytes(words[1]),
                value: f64::from_bits(u64::from_le_bytes(words[2])),
            }
        })
        .collect())
}

fn packed(points: &[Point]) -> Result<Vec<u8>> {
    let failed = |error| Error::corrupt(format!("A metric chunk could not be packed: {error}."));
    let steps: Vec<i64> = points.iter().map(|point| point.step).collect();
    let times: Vec<i64> = points.iter().map(|point| point.timestamp).collect();
    let values: Vec<f64> = points.iter().map(|point| point.value).collect();
    let searched = config(points.len());
    let rising = searched.clone().with_delta_spec(DeltaSpec::TryConsecutive(1));
    let mut bytes = vec![PACKED];
    for column in [simple_compress(&steps, &rising), simple_compress(&times, &rising)] {
        let column = column.map_err(failed)?;
        let length = u32::try_from(column.len())
            .map_err(|_| Error::corrupt("A column of a metric chunk is longer than 4 GiB."))?;
        bytes.extend(length.to_le_bytes());
        bytes.extend(column);
    }
    let config = if points.len() < SEARCH_FROM { &rising } else { &searched };
    bytes.extend(simple_compress(&values, config).map_err(failed)?);
    Ok(bytes)
}

/// For so many numbers. A level makes up to 2^level bins, which take time to find and bytes to describe: few numbers want
/// few.
fn config(count: usize) -> ChunkConfig {
    let config = ChunkConfig::default();
    let enough = count.checked_ilog2().unwrap_or(0) as usize / 2;
    let level = config.compression_level.min(enough);
    config.with_compression_level(level)
}

fn from_packed(bytes: &[u8]) -> Result<Vec<Point>> {
    let failed = |error| Error::corrupt(format!("A metric chunk could not be unpacked: {error}."));
    let (steps, rest) = column(bytes)?;
    let (times, values) = column(rest)?;
    let steps: Vec<i64> = simple_decompress(steps).map_err(failed)?;
    let times: Vec<i64> = simple_decompress(times).map_err(failed)?;
    let values: Vec<f64> = simple_decompress(values).map_err(failed)?;
    if steps.len() != times.len() || steps.len() != values.len() {
        return Err(Error::corrupt("The columns of a metric chunk differ in length."));
    }
    Ok(steps
        .into_iter()
        .zip(times)
        .zip(values)
        .map(|((step, timestamp), value)| Point { step, timestamp, value })
        .collect())
}

/// A column with its length before it, and what follows.
fn column(bytes: &[u8]) -> Result<(&[u8], &[u8])> {
    bytes
        .split_first_chunk::<4>()
        .and_then(|(length, rest)| rest.split_at_checked(u32::from_le_bytes(*length) as usize))
        .ok_or_else(|| Error::corrupt("A metric chunk is cut short."))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bits(points: &[Point]) -> Vec<(i64, i64, u64)> {
        points.iter().map(|point| (point.step, point.timestamp, point.value.to_bits())).collect()
    }

    fn number() -> impl Strategy<Value = i64> {
        prop_oneof![any::<i64>(), -5..5_i64, Just(i64::MIN), Just(i64::MAX)]
    }

    /// Any bits at all: each of the 2^53 NaNs among them.
    fn value() -> impl Strategy<Value = f64> {
        let nan = any::<u64>().prop_map(|payload| f64::from_bits(payload | 0x7ff8_0000_0000_0000));
        let single = any::<f32>().prop_map(f64::from);
        prop_oneof![any::<u64>().prop_map(f64::from_bits), nan, single, -3.0..3.0, Just(-0.0)]
    }

    fn points() -> impl Strategy<Value = Vec<Point>> {
        let point = (number(), number(), value());
        let point = point.prop_map(|(step, timestamp, value)| Point { step, timestamp, value });
        prop::collection::vec(point, 0..300)
    }

    proptest! {
        #[test]
        fn what_is_packed_is_unpacked_to_the_last_bit(points in points()) {
            let unpacked = unpack(&pack(&points).unwrap()).unwrap();
            prop_assert_eq!(bits(&unpacked), bits(&points));
        }

        #[test]
        fn bytes_that_nobody_packed_are_an_error_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut packed = vec![PACKED];
            packed.extend(&bytes);
            prop_assert!(unpack(&packed).is_err());
            prop_assert!(unpack(&bytes).is_err() || bytes.first() == Some(&PLAIN));
        }

        #[test]
        fn a_cut_chunk_is_an_error_and_no_panic(points in points(), at in any::<prop::sample::Index>()) {
            let packed = pack(&points).unwrap();
            let cut = at.index(packed.len());
            let rest = unpack(&packed[..cut]);
            prop_assert!(rest.is_err() || bits(&rest.unwrap()) != bits(&points));
        }
    }
}
