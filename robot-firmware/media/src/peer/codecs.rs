//! Whether a page takes what the robot sends.

/// The kind of media for which an answer has none of the robot's codecs. A browser that has none
/// sets the port to 0 (RFC 9429); others may name another one.
pub(super) fn lacking(answer: &str) -> Option<&'static str> {
    let media = answer.split("\nm=").skip(1);
    media.filter_map(lacks).next()
}

fn lacks(media: &str) -> Option<&'static str> {
    let (kind, codec) = match media.split_whitespace().next()? {
        "video" => ("picture", "vp8/90000"),
        "audio" => ("sound", "opus/48000"),
        _ => return None,
    };
    let refused = media.split_whitespace().nth(1) == Some("0");
    let has = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.starts_with("a=rtpmap:") && line.contains(codec)
    };
    (refused || !media.lines().any(has)).then_some(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 96 97\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

    #[test]
    fn an_answer_without_one_of_the_codecs_is_told_by_its_kind() {
        assert_eq!(lacking(GOOD), None);
        for (was, is, kind) in [
            ("VP8", "H263", "picture"),
            ("m=video 9", "m=video 0", "picture"),
            ("opus", "PCMU", "sound"),
            ("a=rtpmap:111 opus/48000/2\r\n", "", "sound"),
        ] {
            assert_eq!(lacking(&GOOD.replace(was, is)), Some(kind), "{was} → {is}");
        }
        assert_eq!(lacking(""), None, "what is no answer fails otherwise");
    }
}
