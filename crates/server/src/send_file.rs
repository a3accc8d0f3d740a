//! A file out of the store as an answer, whole or in part.

use std::io::{self, Read, SeekFrom};
use std::ops::RangeInclusive;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{Stream, try_unfold};
use http_range_header::parse_range_header;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use trackline_store::{OpenArtifact, ReadSeek, Store};

use crate::error::ApiError;
use crate::routes::blocking;

/// How a browser treats the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Disposition {
    /// It saves it.
    Attachment,
    /// It shows it, in a sandbox.
    Inline,
}

/// Files come from strangers: no script in them runs, nothing else is loaded, and the page is out of reach.
const SANDBOX: &str = "sandbox; default-src 'none'; img-src data: blob:; media-src data: blob:; font-src data:; \
                       style-src 'unsafe-inline'";

/// What is escaped in a file name within a header.
const NAME: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// How many bytes are in memory at once.
const CHUNK: u64 = 64 << 10;

/// Answers with the file at `path` below `root`, an artifact URI, or the part of it that `request` asks for.
pub(crate) async fn send_file(
    store: Store,
    root: String,
    path: String,
    disposition: Disposition,
    request: &HeaderMap,
) -> Result<Response, ApiError> {
    let headers = file_headers(&path, disposition);
    let OpenArtifact { bytes: file, size, tag } = blocking(move || store.open_artifact(&root, &path)).await?;
    let etag = format!("\"{tag}\"");
    if request.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response());
    }
    let common = [(header::ETAG, etag), (header::ACCEPT_RANGES, "bytes".to_owned())];
    let range = match requested_range(request, size) {
        Requested::Whole => None,
        Requested::Part(range) => Some(range),
        Requested::Beyond => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, common, range).into_response());
        }
    };
    let length = range.as_ref().map_or(size, |range| range.end() - range.start() + 1);
    let start = range.as_ref().map_or(0, |range| *range.start());
    let body = Body::from_stream(chunks(file, start, length));
    let mut response =
        (headers, common, [(header::CONTENT_LENGTH, length.to_string())], body).into_response();
    if let Some(range) = range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        let text = format!("bytes {}-{}/{size}", range.start(), range.end());
        if let Ok(value) = HeaderValue::try_from(text) {
            response.headers_mut().insert(header::CONTENT_RANGE, value);
        }
    }
    Ok(response)
}

/// The bytes from `start` on; every chunk is read when the one before has been sent.
fn chunks(file: Box<dyn ReadSeek>, start: u64, length: u64) -> impl Stream<Item = io::Result<Bytes>> {
    try_unfold((file, start, length), |(mut file, at, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let read = tokio::task::spawn_blocking(move || {
            let mut chunk = Vec::new();
            file.seek(SeekFrom::Start(at))?;
            file.by_ref().take(left.min(CHUNK)).read_to_end(&mut chunk)?;
            io::Result::Ok((file, chunk))
        });
        let (file, chunk) = read.await.map_err(io::Error::other)??;
        let count = chunk.len() as u64;
        if count == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        Ok(Some((Bytes::from(chunk), (file, at + count, left - count))))
    })
}

fn file_headers(path: &str, disposition: Disposition) -> [(HeaderName, String); 5] {
    let name = path.rsplit('/').next().unwrap_or_default();
    let kind = if disposition == Disposition::Attachment { "attachment" } else { "inline" };
    [
        (header::CONTENT_TYPE, content_type(name)),
        (header::CONTENT_DISPOSITION, format!("{kind}; {}", named(name))),
        (header::CONTENT_SECURITY_POLICY, SANDBOX.to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ]
}

/// The parameter of `Content-Disposition` for a name (RFC 6266): as it is where every client reads that, else encoded.
fn named(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte);
    if !name.is_empty() && name.bytes().all(plain) {
        format!("filename={name}")
    } else {
        format!("filename*=UTF-8''{}", utf8_percent_encode(name, NAME))
    }
}

/// Endings of files that people read: they are sent as text without a character set, as MLflow does, whatever they hold.
const READ_BY_PEOPLE: &str = "txt log err cfg conf cnf cf ini properties prop hocon toml yaml yml xml json js py \
                              py3 csv tsv md rst ipynb MLmodel MLproject mlproject";

fn content_type(name: &str) -> String {
    let ending = name.rsplit('.').next().unwrap_or_default();
    match mime_guess::from_path(name).first() {
        _ if READ_BY_PEOPLE.split(' ').any(|known| known == ending) => "text/plain".to_owned(),
        Some(kind) if kind.type_() == "text" => format!("{kind}; charset=utf-8"),
        Some(kind) => kind.to_string(),
        None => "application/octet-stream".to_owned(),
    }
}

enum Requested {
    Whole,
    Part(RangeInclusive<u64>),
    Beyond,
}

/// One range is served; several, or what is not understood, is answered with the whole file, as HTTP allows.
fn requested_range(request: &HeaderMap, size: u64) -> Requested {
    let Some(text) = request.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return Requested::Whole;
    };
    // Whoever asks for the beginning of whatever there is gets nothing from an empty file, but no error.
    if size == 0 {
        return Requested::Whole;
    }
    let Ok(parsed) = parse_range_header(text) else { return Requested::Whole };
    match parsed.validate(size) {
        Ok(ranges) => match ranges.as_slice() {
            [range] => Requested::Part(range.clone()),
            _ => Requested::Whole,
        },
        Err(_) => Requested::Beyond,
    }
}
