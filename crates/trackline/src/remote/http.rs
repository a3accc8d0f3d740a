use std::io::Read;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use httpdate::parse_http_date;
use serde::Deserialize;
use serde_json::Value;
use ureq::http::{HeaderMap, Method, Request, Response, header};
use ureq::{Agent, Body, SendBody};

use super::address::Address;
use crate::{Error, ErrorKind};

/// Between the calls of somebody who waits.
const PAUSES: [Duration; 3] =
    [Duration::from_millis(100), Duration::from_millis(400), Duration::from_secs(1)];
/// The longest that a server can make us wait with `Retry-After`.
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// A shorter wait is waited for before the call; for a longer one the call fails, and is made again later.
const SHORT_WAIT: Duration = Duration::from_secs(5);
/// The largest answer that is read into memory.
const MAX_ANSWER: u64 = 512 << 20;

/// Calls to one server.
#[derive(Debug)]
pub struct Http {
    agent: Agent,
    url: String,
    authorization: Option<String>,
    /// Before that, the server wants to hear nothing.
    not_before: Mutex<Option<Instant>>,
}

/// Why a call did not do what it should.
#[derive(Debug, Clone)]
pub enum Failure {
    /// The server understood, and will say no to this request every time.
    Refused(Refusal),
    /// The server was not reached, is in trouble, or does not know us: the request itself may be good.
    Trouble(Error),
}

/// What the server says of a request that it refused.
#[derive(Debug, Clone)]
pub struct Refusal {
    pub status: u16,
    /// MLflow's `error_code`; empty if the answer was no JSON.
    pub code: String,
    pub message: String,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct ErrorBody {
    error_code: Value,
    message: String,
}

impl Http {
    /// # Errors
    /// For certificates that cannot be read.
    pub fn new(address: &Address) -> Result<Self, Error> {
        let (url, authorization) = (address.url.clone(), address.authorization());
        Ok(Self {
            agent: address.settings().calls?.new_agent(),
            url,
            authorization,
            not_before: Mutex::default(),
        })
    }

    /// As it may stand in a message.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A call that takes and gives JSON.
    pub fn json(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, Failure> {
        let body = body.map(Value::to_string);
        let body = body.as_ref().map(|text| ("application/json", text.as_bytes()));
        self.parsed(method, path, body)
    }

    /// A call that takes bytes and gives JSON.
    pub fn bytes(&self, method: Method, path: &str, bytes: &[u8]) -> Result<Value, Failure> {
        self.parsed(method, path, Some(("application/octet-stream", bytes)))
    }

    /// Whether there is something.
    pub fn has(&self, path: &str) -> Result<bool, Failure> {
        match self.send(Method::HEAD, path, None) {
            Ok(_) => Ok(true),
            Err(Failure::Refused(refusal)) if refusal.status == 404 => Ok(false),
            Err(failure) => Err(failure),
        }
    }

    /// Sends what the reader gives.
    pub fn upload(&self, path: &str, mut from: impl Read, size: u64) -> Result<(), Failure> {
        let request = self.request(Method::PUT, path).header(header::CONTENT_LENGTH, size);
        let request = request.header(header::CONTENT_TYPE, "application/octet-stream");
        self.run(request.body(SendBody::from_reader(&mut from))).map(drop)
    }

    /// The body of an answer, as it comes in.
    pub fn download(&self, path: &str) -> Result<Box<dyn Read + Send>, Failure> {
        let answer = self.send(Method::GET, path, None)?;
        Ok(Box::new(answer.into_body().into_reader()))
    }

    /// Calls a few times while the server cannot be reached or is in trouble; for somebody who waits for the answer.
    pub fn patiently<T>(&self, call: impl Fn(&Self) -> Result<T, Failure>) -> Result<T, Failure> {
        for pause in PAUSES {
            match call(self) {
                Err(Failure::Trouble(error)) if error.kind == ErrorKind::Unreachable => thread::sleep(pause),
                done => return done,
            }
        }
        call(self)
    }

    fn parsed(&self, method: Method, path: &str, body: Option<(&str, &[u8])>) -> Result<Value, Failure> {
        let mut answer = self.send(method, path, body)?;
        let text = answer.body_mut().with_config().limit(MAX_ANSWER).read_to_vec();
        let text = text.map_err(|error| self.trouble(&error))?;
        if text.iter().all(u8::is_ascii_whitespace) {
            return Ok(Value::Object(serde_json::Map::new()));
        }
        serde_json::from_slice(&text).map_err(|_| {
            let message = format!("{} gives answers that are not JSON: is it a tracking server?", self.url);
            Failure::Trouble(Error::new(ErrorKind::Unreachable, message))
        })
    }

    fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, &[u8])>,
    ) -> Result<Response<Body>, Failure> {
        let request = self.request(method, path);
        match body {
            None => self.run(request.body(SendBody::none())),
            Some((kind, mut bytes)) => {
                let request = request.header(header::CONTENT_TYPE, kind);
                let request = request.header(header::CONTENT_LENGTH, bytes.len());
                self.run(request.body(SendBody::from_reader(&mut bytes)))
            }
        }
    }

    fn request(&self, method: Method, path: &str) -> ureq::http::request::Builder {
        let request = Request::builder().method(method).uri(format!("{}{path}", self.url));
        match &self.authorization {
            Some(value) => request.header(header::AUTHORIZATION, value),
            None => request,
        }
    }

    fn run(&self, request: ureq::http::Result<Request<SendBody<'_>>>) -> Result<Response<Body>, Failure> {
        let request = request.map_err(|error| {
            let message = format!("cannot ask {}: {error}", self.url);
            Failure::Trouble(Error::new(ErrorKind::Invalid, message))
        })?;
        self.wait_as_told()?;
        let mut answer = self.agent.run(request).map_err(|error| self.trouble(&error))?;
        if answer.status().is_success() {
            return Ok(answer);
        }
        if let Some(wait) = retry_after(answer.headers()) {
            *self.not_before.lock().unwrap_or_else(PoisonError::into_inner) =
                Instant::now().checked_add(wait);
        }
        let text = answer.body_mut().with_config().limit(1 << 20).read_to_vec().unwrap_or_default();
        Err(self.failure(answer.status().as_u16(), &text))
    }

    fn wait_as_told(&self) -> Result<(), Failure> {
        let until = *self.not_before.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
        if left > SHORT_WAIT {
            let message = format!("{} asks for {} seconds of peace", self.url, left.as_secs());
            return Err(Failure::Trouble(Error::new(ErrorKind::Unreachable, message)));
        }
        thread::sleep(left);
        Ok(())
    }

    /// What an answer means that is no success.
    fn failure(&self, status: u16, text: &[u8]) -> Failure {
        let said: ErrorBody = serde_json::from_slice(text).unwrap_or_default();
        let code = said.error_code.as_str().unwrap_or_default().to_owned();
        let message = match said.message {
            message if message.is_empty() => format!("the server answered with the status {status}"),
            message => message,
        };
        match status {
            401 | 403 | 407 => {
                let advice = "check the user and password, or the token, that are given for it";
                let text = format!("{} refuses us: {message}: {advice}", self.url);
                Failure::Trouble(Error::new(ErrorKind::Denied, text))
            }
            400..=499 if !matches!(status, 408 | 425 | 429) => {
                Failure::Refused(Refusal { status, code, message })
            }
            _ => {
                let text = format!("{} is in trouble: {message}", self.url);
                Failure::Trouble(Error::new(ErrorKind::Unreachable, text))
            }
        }
    }

    fn trouble(&self, error: &ureq::Error) -> Failure {
        let message = format!("cannot reach {}: {error}", self.url);
        Failure::Trouble(Error::new(ErrorKind::Unreachable, message))
    }
}

/// The header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date, which is counted from what the server's own clock
/// says in `Date`: ours may be wrong.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let after = text(header::RETRY_AFTER)?;
    let wait = match after.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let now = text(header::DATE).and_then(|date| parse_http_date(date).ok());
            let until = parse_http_date(after).ok()?;
            until.duration_since(now.unwrap_or_else(SystemTime::now)).unwrap_or_default()
        }
    };
    Some(wait.min(LONGEST_WAIT))
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Trouble(error) => error,
            Failure::Refused(refusal) => Self::new(ErrorKind::Store, refusal.message),
        }
    }
}

#[cfg(test)]
mod tests {
    use ureq::http::HeaderValue;

    use super::*;

    fn wait(headers: &[(header::HeaderName, &'static str)]) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        retry_after(&headers.collect()).map(|wait| wait.as_secs())
    }

    #[test]
    fn a_wait_is_told_in_seconds_or_as_a_date_by_the_clock_of_the_server() {
        let date = (header::DATE, "Fri, 31 Dec 1999 23:57:59 GMT");
        let after = |text| [date.clone(), (header::RETRY_AFTER, text)];
        assert_eq!(wait(&after("7")), Some(7));
        assert_eq!(wait(&after("Fri, 31 Dec 1999 23:59:59 GMT")), Some(120));
        assert_eq!(wait(&after("Friday, 31-Dec-99 23:58:00 GMT")), Some(1));
        assert_eq!(wait(&after("Fri, 31 Dec 1999 23:00:00 GMT")), Some(0));
        assert_eq!(wait(&after("Sat, 01 Jan 2050 00:00:00 GMT")), Some(600));
        assert_eq!(wait(&after("later")), None);
        assert_eq!(wait(&[date]), None);
        // Without its clock, ours.
        assert_eq!(wait(&[(header::RETRY_AFTER, "Fri, 31 Dec 1999 23:59:59 GMT")]), Some(0));
        assert_eq!(wait(&[(header::RETRY_AFTER, "Fri, 31 Dec 2100 23:59:59 GMT")]), Some(600));
    }
}
