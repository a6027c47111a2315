use proptest::prelude::*;

use super::*;

fn address(tls: bool, host: &str, port: u16) -> Option<Address> {
    let host = host.to_owned();
    Some(Address { tls, host, port })
}

#[test]
fn only_tcp_and_tls_go_over_streams() {
    for (url, expected) in [
        (
            "turn:turn.example.org:3478?transport=tcp",
            address(false, "turn.example.org", 3_478),
        ),
        (
            "turn:turn.example.org?transport=tcp",
            address(false, "turn.example.org", 3_478),
        ),
        (
            "turns:turn.example.org:443?transport=tcp",
            address(true, "turn.example.org", 443),
        ),
        (
            "turns:turn.example.org",
            address(true, "turn.example.org", 5_349),
        ),
        ("turns:[2001:db8::1]:443", address(true, "2001:db8::1", 443)),
        ("turns:[2001:db8::1]", address(true, "2001:db8::1", 5_349)),
        ("turn:turn.example.org:3478", None),
        ("turn:turn.example.org:3478?transport=udp", None),
        ("turns:turn.example.org?transport=udp", None),
        ("stun:stun.example.org", None),
        ("turns::443", None),
        ("turns:turn.example.org:https", None),
        ("", None),
    ] {
        assert_eq!(stream_address(url), expected, "{url}");
    }
}

#[test]
fn a_server_that_never_answers_is_tried_less_and_less_often() {
    let start = Instant::now();
    let mut pause = Pause::default();
    assert!(!pause.holds(start));
    let mut lengths = Vec::new();
    for _ in 0..8 {
        pause.after(false, start);
        let until = pause.until.unwrap();
        assert!(pause.holds(start) && !pause.holds(until));
        lengths.push((until - start).as_millis());
    }
    assert_eq!(
        lengths,
        [250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]
    );
    pause.after(true, start);
    assert_eq!(pause.until, Some(start + FIRST_PAUSE));
}

/// Every socket has a stream of its own, eight at most; who came too late gets one once another ends.
#[tokio::test]
async fn a_ninth_socket_waits_until_a_stream_ends() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let socket = Arc::new(UdpSocket::bind("127.0.0.1:0").await.unwrap());
    let at = socket.local_addr().unwrap();
    let address = address(false, "127.0.0.1", port).unwrap();
    let mut tasks = JoinSet::new();
    tasks.spawn(serve(address, socket));
    let mut open = Vec::new();
    let mut sockets = Vec::new();
    for number in 0..9_u8 {
        let from = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let mut own = message(true, 1);
        own[4] = number;
        from.send_to(&own, at).await.unwrap();
        sockets.push((from, own));
        if number < 8 {
            open.push(listener.accept().await.unwrap().0);
        }
    }
    let (ninth, own) = sockets.pop().unwrap();
    open.pop();
    let again = async {
        loop {
            ninth.send_to(&own, at).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let comes = async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut first = [0; 8];
        stream.read_exact(&mut first).await.unwrap();
        first[4]
    };
    let came = timeout(Duration::from_secs(20), async {
        tokio::select! {
            came = comes => came,
            () = again => unreachable!(),
        }
    });
    assert_eq!(came.await.unwrap(), 8);
}

/// A message of either kind with that many bytes in it.
fn message(channel: bool, len: usize) -> Vec<u8> {
    let body = if channel { len } else { len / 4 * 4 };
    let size = u16::try_from(body).unwrap().to_be_bytes();
    let mut message = vec![if channel { 0x40 } else { 0x01 }, 0x01, size[0], size[1]];
    message.resize(if channel { 4 } else { 20 } + body, 0x5a);
    message
}

proptest! {
    /// What is put on a stream comes out as it was, however the stream cuts it.
    #[test]
    fn every_message_comes_out_as_it_went_in(
        messages in prop::collection::vec((any::<bool>(), 0_usize..2_000), 1..8),
        cut in 1_usize..97,
    ) {
        let messages: Vec<_> = messages.into_iter().map(|(channel, len)| message(channel, len)).collect();
        let wire: Vec<u8> = messages.iter().flat_map(|own| framed(own).unwrap()).collect();
        prop_assert_eq!(wire.len() % 4, 0);
        let (mut stream, mut out) = (BytesMut::new(), Vec::new());
        for piece in wire.chunks(cut) {
            stream.extend_from_slice(piece);
            while let Some(datagram) = next_datagram(&mut stream).unwrap() {
                out.push(datagram.to_vec());
            }
        }
        prop_assert_eq!(out, messages);
        prop_assert!(stream.is_empty());
    }

    /// A server that sends nonsense ends its stream, and holds no more memory than one message.
    #[test]
    fn nonsense_ends_a_stream(bytes in prop::collection::vec(any::<u8>(), 0..5_000)) {
        let mut stream = BytesMut::from(&bytes[..]);
        let mut given = 0;
        while let Ok(Some(datagram)) = next_datagram(&mut stream) {
            prop_assert!(!datagram.is_empty());
            given += datagram.len();
        }
        prop_assert!(given <= bytes.len());
        let _ = framed(&bytes);
    }

    #[test]
    fn no_url_upsets_it(url in "\\PC{0,80}") {
        let _ = stream_address(&url);
        let _ = stream_address(&format!("turns:{url}"));
    }
}
