//! Where a connection may go: local addresses, STUN and TURN servers.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

use madoguchi_shared::signal::IceServer;
use tracing::warn;
use webrtc::peer_connection::RTCIceServer;

/// On a machine with no way out an unspecified address stands for no interface at all; a page on
/// the same machine is still reached over loopback. Nothing is sent to the address asked for.
pub(super) fn or_loopback(mut bind: Vec<SocketAddr>) -> Vec<SocketAddr> {
    const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    const ELSEWHERE_V6: (Ipv6Addr, u16) = (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1), 9);
    let way_out = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(ELSEWHERE))
        .or_else(|_| {
            UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))
                .and_then(|socket| socket.connect(ELSEWHERE_V6))
        });
    if way_out.is_err() && bind.iter().all(|address| address.ip().is_unspecified()) {
        bind.push(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
    }
    bind
}

/// What the library takes: one server that it refuses would cost the whole call.
pub(super) fn usable_servers(servers: Vec<IceServer>) -> Vec<RTCIceServer> {
    servers.into_iter().filter_map(usable).collect()
}

fn usable(server: IceServer) -> Option<RTCIceServer> {
    let username = server.username.unwrap_or_default();
    let credential = server.credential.unwrap_or_default();
    let known = !username.is_empty() && !credential.is_empty();
    let urls: Vec<String> = server
        .urls
        .into_iter()
        .filter(|url| {
            let scheme = url.split(':').next().unwrap_or_default();
            let usable = match scheme {
                "stun" | "stuns" => true,
                "turn" | "turns" => known,
                _ => false,
            };
            if !usable {
                warn!(
                    url,
                    "left out: neither STUN nor TURN with user name and credential"
                );
            }
            usable
        })
        .collect();
    (!urls.is_empty()).then_some(RTCIceServer {
        urls,
        username,
        credential,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str, username: Option<&str>) -> IceServer {
        IceServer {
            urls: vec![url.to_owned()],
            username: username.map(str::to_owned),
            credential: username.map(|_| "secret".to_owned()),
        }
    }

    #[test]
    fn what_cannot_be_used_is_left_out_and_the_rest_is_kept() {
        let urls: Vec<_> = usable_servers(vec![
            server("stun:stun.example.org:3478", None),
            server("turn:turn.example.org:3478", None),
            server("turn:turn.example.org:3479", Some("robot")),
            server("https://example.org", None),
        ])
        .into_iter()
        .flat_map(|server| server.urls)
        .collect();
        assert_eq!(
            urls,
            ["stun:stun.example.org:3478", "turn:turn.example.org:3479"]
        );
    }

    #[test]
    fn an_address_that_was_chosen_stays_the_only_one() {
        let chosen = vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 5_000))];
        assert_eq!(or_loopback(chosen.clone()), chosen);
    }
}
