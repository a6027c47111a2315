//! HTTP/1.1, one request a connection.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::{PASSWORD, PATIENCE};

pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }
}

pub async fn request(addr: SocketAddr, method_and_path: &str, extra: &str, body: &str) -> Answer {
    let stream = TcpStream::connect(addr).await.unwrap();
    request_on(stream, &addr.to_string(), method_and_path, extra, body).await
}

pub async fn request_on(
    mut stream: impl AsyncReadExt + AsyncWriteExt + Unpin,
    host: &str,
    method_and_path: &str,
    extra: &str,
    body: &str,
) -> Answer {
    let text = format!(
        "{method_and_path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
         Content-Length: {}\r\n{extra}\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .unwrap()
        .unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer {
        status,
        head: head.to_owned(),
        body: body.to_owned(),
    }
}

pub fn credentials(account: &str, password: &str) -> String {
    format!(r#"{{"user":"{account}","password":"{password}"}}"#)
}

/// The session's cookie.
pub async fn sign_in(addr: SocketAddr, account: &str) -> String {
    let answer = request(
        addr,
        "POST /api/session",
        "",
        &credentials(account, PASSWORD),
    )
    .await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer
        .header("set-cookie")
        .unwrap()
        .split(';')
        .next()
        .unwrap()
        .to_owned()
}

/// Ends the session of this cookie.
pub async fn sign_out(addr: SocketAddr, cookie: &str) -> Answer {
    let header = format!("Cookie: {cookie}\r\n");
    request(addr, "DELETE /api/session", &header, "").await
}
