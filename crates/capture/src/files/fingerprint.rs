use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Files up to this size are read in full.
const READ_IN_FULL: u64 = 16 << 20;
/// Of larger ones, so many evenly spread blocks, the first and the last among them.
const BLOCKS: u64 = 64;
const BLOCK: usize = 64 << 10;

/// What tells one content of a file from another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// BLAKE3, 64 hexadecimal digits: of the bytes; of the size as 8 bytes, least first, and of blocks; or of the
    /// names and sizes of a folder's files.
    pub digest: String,
    /// In bytes.
    pub size: u64,
    /// Whether only blocks of it were read.
    pub sampled: bool,
}

/// Looks at a file for some milliseconds at most, whatever its size.
///
/// # Errors
/// For a file that cannot be read.
pub fn fingerprint(path: &Path) -> io::Result<Fingerprint> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let mut hasher = blake3::Hasher::new();
    let sampled = size > READ_IN_FULL;
    if sampled {
        hasher.update(&size.to_le_bytes());
        let mut block = vec![0; BLOCK];
        for number in 0..BLOCKS {
            file.seek(SeekFrom::Start((size - BLOCK as u64) * number / (BLOCKS - 1)))?;
            file.read_exact(&mut block)?;
            hasher.update(&block);
        }
    } else {
        let mut bytes = Vec::new();
        file.take(READ_IN_FULL).read_to_end(&mut bytes)?;
        hasher.update(&bytes);
    }
    Ok(Fingerprint { digest: hasher.finalize().to_hex().to_string(), size, sampled })
}

/// Looks at these files of a folder: their names and sizes.
pub fn fingerprint_folder(folder: &Path, names: &[OsString]) -> Fingerprint {
    let mut hasher = blake3::Hasher::new();
    let mut total = 0;
    for name in names {
        let size = folder.join(name).metadata().map_or(0, |found| found.len());
        hasher.update(name.as_encoded_bytes()).update(&size.to_le_bytes());
        total += size;
    }
    Fingerprint { digest: hasher.finalize().to_hex().to_string(), size: total, sampled: true }
}
