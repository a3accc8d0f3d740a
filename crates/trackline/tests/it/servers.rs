use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::thread;
use std::time::Duration;

use trackline::Tracker;
use trackline::store::{Location, StoreOptions};
use trackline_server::{ServeOptions, Server, Settings};

use crate::child::{Child, Say, fork};

/// A Trackline server over the store `served` in this folder, in a process of its own; and its port, which may be given.
pub fn serve(folder: &Path, port: u16) -> (Child, u16) {
    let (host, store) = ("127.0.0.1".to_owned(), Location::Folder(folder.join("served")));
    let mut child = fork(|say| {
        let (settings, patience) = (Settings::default(), Duration::from_secs(60));
        let options = ServeOptions {
            host,
            port,
            store,
            store_options: StoreOptions::default(),
            settings,
            patience,
            open_to_all: false,
        };
        let server = Server::bind(&options).unwrap();
        say.line(server.address().port());
        server.run().unwrap();
    });
    let port = child.line().unwrap().parse().unwrap();
    (child, port)
}

/// A port on which nobody listens.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A process that logs to a server, with its spool in this folder.
pub fn client(folder: &Path, port: u16, work: impl FnOnce(&Tracker, &mut Say)) -> Child {
    fork(|say| {
        keep_spools_in(folder);
        work(&Tracker::open(Some(&format!("http://127.0.0.1:{port}"))).unwrap(), say);
    })
}

/// For a forked child.
pub fn keep_spools_in(folder: &Path) {
    set_variable("XDG_STATE_HOME", folder.to_str().unwrap());
}

/// For a forked child.
#[allow(unsafe_code)]
pub fn set_variable(name: &str, value: &str) {
    // SAFETY: a forked child has one thread.
    unsafe { std::env::set_var(name, value) };
}

/// What a bad server does with a request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Answers with this status.
    Status(u16),
    /// Answers that it is busy, and for how many seconds.
    Busy(u64),
    /// Answers that it is busy until a date, an hour after its own clock, which is wrong.
    BusyUntil,
    /// Answers something that is not HTTP.
    Garbage,
    /// Answers a success that is no JSON.
    WebPage,
    /// Takes no more than 20,000 bytes, as some proxies do.
    Narrow,
    /// Says nothing, ever.
    Silence,
    /// Closes the connection at once.
    HangUp,
    /// Does what it was asked, and closes the connection before the answer.
    LoseAnswer,
    /// Does what it was asked, and answers late and in pieces.
    Dawdle,
}

/// A server in front of another one, which does so with each request in turn, and then behaves.
pub fn bad_server(behind: u16, troubles: Vec<Trouble>) -> u16 {
    serve_badly(behind, troubles, |_| true)
}

/// The same of a server that knows MLflow's API only.
pub fn mlflow_server(behind: u16, troubles: Vec<Trouble>) -> u16 {
    serve_badly(behind, troubles, |request| !request.contains(" /api/trackline/"))
}

fn serve_badly(behind: u16, troubles: Vec<Trouble>, knows: fn(&str) -> bool) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut troubles = troubles.into_iter();
    thread::spawn(move || {
        let mut silent = Vec::new();
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let Ok(request) = read_request(&connection) else { continue };
            let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
            let trouble = match knows(&line) {
                true => troubles.next(),
                false => Some(Trouble::Status(404)),
            };
            if trouble == Some(Trouble::Silence) {
                silent.push(connection);
                continue;
            }
            // A client that goes away in the middle is none of the test's business.
            let _ = answer(&mut connection, &request, behind, trouble);
            let _ = connection.shutdown(Shutdown::Both);
        }
    });
    port
}

fn answer(
    client: &mut TcpStream,
    request: &[u8],
    behind: u16,
    trouble: Option<Trouble>,
) -> std::io::Result<()> {
    match trouble {
        Some(Trouble::Status(status)) => write!(client, "HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n"),
        Some(Trouble::Busy(seconds)) => {
            write!(client, "HTTP/1.1 429 No\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n")
        }
        Some(Trouble::BusyUntil) => client.write_all(
            b"HTTP/1.1 503 No\r\nDate: Fri, 31 Dec 1999 22:00:00 GMT\r\n\
              Retry-After: Fri, 31 Dec 1999 23:00:00 GMT\r\nContent-Length: 0\r\n\r\n",
        ),
        Some(Trouble::Garbage) => client.write_all(b"\x00\xff\r\n garbage \r\n\r\n"),
        Some(Trouble::WebPage) => client.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>"),
        Some(Trouble::HangUp | Trouble::Silence) => Ok(()),
        Some(Trouble::LoseAnswer) => forward(request, behind).map(drop),
        Some(Trouble::Dawdle) => forward(request, behind)?.chunks(20).try_for_each(|piece| {
            thread::sleep(Duration::from_millis(10));
            client.write_all(piece)
        }),
        Some(Trouble::Narrow) if request.len() > 20_000 => {
            client.write_all(b"HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n")
        }
        Some(Trouble::Narrow) | None => client.write_all(&forward(request, behind)?),
    }
}

/// The bytes of a request, which is to be the last of its connection.
fn read_request(client: &TcpStream) -> std::io::Result<Vec<u8>> {
    let mut reader = BufReader::new(client);
    let (mut request, mut length) = (Vec::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.trim().is_empty() {
            request.extend_from_slice(b"Connection: close\r\n\r\n");
            break;
        }
        request.extend_from_slice(line.as_bytes());
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    request.extend(body);
    Ok(request)
}

fn forward(request: &[u8], behind: u16) -> std::io::Result<Vec<u8>> {
    let mut server = TcpStream::connect(("127.0.0.1", behind))?;
    server.write_all(request)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    Ok(answer)
}
