//! Packet serial, as far as a differential drive needs it.
//!
//! Source: *RoboClaw Series Brushed DC Motor Controllers User Manual* (Basicmicro), sections
//! "Packet Serial" (address, CRC16, acknowledgement, packet timeout), "Advanced Packet Serial"
//! (14, 15, 49, 82, 90), "Advanced Motor Control" (34, 40) and "Encoders" (78, 79). Numbers are
//! big-endian; an order ends with the CRC of all bytes before it and is answered by one byte; a
//! query has no CRC, its answer ends with the CRC of address, command and payload. Older firmware
//! tells a status of 2 bytes (90) and isn't served.

use crc::{CRC_16_XMODEM, Crc};

/// The answer to an order that was carried out.
pub const ACKNOWLEDGED: u8 = 0xff;

/// Polynomial 0x1021, beginning at 0: the manual's CRC16 has the catalogue's name XMODEM.
const CRC16: Crc<u16> = Crc::<u16>::new(&CRC_16_XMODEM);
const CRC_LENGTH: usize = 2;
const HEADER_LENGTH: usize = 2;

/// What the controller is told to do. Pairs are motor 1 and motor 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// 14: stops both motors when nothing was received for so many tenths of a second; 0 is never.
    SerialTimeout(u8),
    /// 34: drives with a duty cycle of -32767 to 32767, without the encoders; 0 brakes.
    Duty([i16; 2]),
    /// 40: drives at speeds in encoder counts a second.
    Speed {
        /// Counts a second squared, for speeding up and slowing down.
        acceleration: u32,
        /// Counts a second.
        speeds: [i32; 2],
    },
}

/// What the controller is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// 15: the serial timeout, 1 byte.
    SerialTimeout,
    /// 49: both currents in units of 10 mA, 2 × 2 bytes.
    Currents,
    /// 78: both encoder counters, 2 × 4 bytes.
    Encoders,
    /// 79: both speeds over the last 1/300 s in counts a second, 2 × 4 bytes.
    Speeds,
    /// 82: the board's temperature in tenths of a degree Celsius, 2 bytes.
    Temperature,
    /// 90: errors and warnings, 4 bytes.
    Status,
}

/// What a controller receives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Something to do.
    Order(Order),
    /// Something to tell.
    Query(Query),
}

/// Why bytes are no packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PacketError {
    /// More bytes have to follow.
    #[error("the packet isn't whole")]
    Incomplete,
    /// The second byte is no command that is known here.
    #[error("there is no command {0}")]
    UnknownCommand(u8),
    /// The checksum is another.
    #[error("the checksum is wrong")]
    WrongCrc,
}

impl Order {
    /// The command's number.
    pub fn command(&self) -> u8 {
        match self {
            Self::SerialTimeout(_) => 14,
            Self::Duty(_) => 34,
            Self::Speed { .. } => 40,
        }
    }

    /// The whole packet.
    pub fn encode(&self, address: u8) -> Vec<u8> {
        let mut bytes = vec![address, self.command()];
        match *self {
            Self::SerialTimeout(tenths) => bytes.push(tenths),
            Self::Duty(duties) => bytes.extend(duties.iter().flat_map(|duty| duty.to_be_bytes())),
            Self::Speed {
                acceleration,
                speeds,
            } => {
                bytes.extend(acceleration.to_be_bytes());
                bytes.extend(speeds.iter().flat_map(|speed| speed.to_be_bytes()));
            }
        }
        let crc = CRC16.checksum(&bytes);
        bytes.extend(crc.to_be_bytes());
        bytes
    }
}

impl Query {
    const ALL: [Self; 6] = [
        Self::SerialTimeout,
        Self::Currents,
        Self::Encoders,
        Self::Speeds,
        Self::Temperature,
        Self::Status,
    ];

    /// The command's number.
    pub fn command(self) -> u8 {
        match self {
            Self::SerialTimeout => 15,
            Self::Currents => 49,
            Self::Encoders => 78,
            Self::Speeds => 79,
            Self::Temperature => 82,
            Self::Status => 90,
        }
    }

    /// The whole packet.
    pub fn encode(self, address: u8) -> [u8; HEADER_LENGTH] {
        [address, self.command()]
    }

    /// How long the answer is, CRC included.
    pub fn answer_length(self) -> usize {
        CRC_LENGTH
            + match self {
                Self::SerialTimeout => 1,
                Self::Temperature => 2,
                Self::Currents | Self::Status => 4,
                Self::Encoders | Self::Speeds => 8,
            }
    }

    /// The answer that carries `payload`.
    pub fn answer(self, address: u8, payload: &[u8]) -> Vec<u8> {
        let mut bytes = payload.to_vec();
        bytes.extend(self.crc(address, payload).to_be_bytes());
        bytes
    }

    /// The payload of an answer, if its CRC is right.
    pub fn payload(self, address: u8, answer: &[u8]) -> Result<&[u8], PacketError> {
        let (payload, crc) = answer
            .split_last_chunk::<CRC_LENGTH>()
            .ok_or(PacketError::Incomplete)?;
        if answer.len() != self.answer_length() {
            Err(PacketError::Incomplete)
        } else if self.crc(address, payload) == u16::from_be_bytes(*crc) {
            Ok(payload)
        } else {
            Err(PacketError::WrongCrc)
        }
    }

    fn crc(self, address: u8, payload: &[u8]) -> u16 {
        let mut digest = CRC16.digest();
        digest.update(&self.encode(address));
        digest.update(payload);
        digest.finalize()
    }
}

impl Request {
    /// The request that `bytes` begin with, to which address, and how long it is.
    pub fn decode(bytes: &[u8]) -> Result<(u8, Self, usize), PacketError> {
        let [address, command, rest @ ..] = bytes else {
            return Err(PacketError::Incomplete);
        };
        if let Some(query) = Query::ALL
            .into_iter()
            .find(|query| query.command() == *command)
        {
            return Ok((*address, Self::Query(query), HEADER_LENGTH));
        }
        let (order, payload_length) = match *command {
            14 => (rest.first().map(|tenths| Order::SerialTimeout(*tenths)), 1),
            34 => (
                rest.first_chunk::<4>()
                    .map(|bytes| Order::Duty(pair(bytes, i16::from_be_bytes))),
                4,
            ),
            40 => (
                rest.first_chunk::<12>().map(|bytes| {
                    let [a, b, c, d, speeds @ ..] = *bytes;
                    Order::Speed {
                        acceleration: u32::from_be_bytes([a, b, c, d]),
                        speeds: pair(&speeds, i32::from_be_bytes),
                    }
                }),
                12,
            ),
            unknown => return Err(PacketError::UnknownCommand(unknown)),
        };
        let length = HEADER_LENGTH + payload_length;
        let crc = bytes
            .get(length..length + CRC_LENGTH)
            .and_then(|crc| crc.first_chunk())
            .ok_or(PacketError::Incomplete)?;
        if CRC16.checksum(&bytes[..length]) != u16::from_be_bytes(*crc) {
            return Err(PacketError::WrongCrc);
        }
        let order = order.ok_or(PacketError::Incomplete)?;
        Ok((*address, Self::Order(order), length + CRC_LENGTH))
    }
}

/// Two numbers, one after the other.
pub(super) fn pair<const BOTH: usize, const ONE: usize, T>(
    bytes: &[u8; BOTH],
    number: impl Fn([u8; ONE]) -> T,
) -> [T; 2] {
    const { assert!(BOTH == 2 * ONE) };
    let half = |offset: usize| std::array::from_fn(|index| bytes[offset + index]);
    [number(half(0)), number(half(ONE))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_manuals() {
        // The check value of CRC-16/XMODEM in the catalogue of parametrised CRC algorithms.
        assert_eq!(CRC16.checksum(b"123456789"), 0x31c3);
    }

    #[test]
    fn an_order_has_the_manuals_layout() {
        let bytes = Order::Speed {
            acceleration: 0x0102_0304,
            speeds: [-1, 2],
        }
        .encode(0x80);
        assert_eq!(
            bytes[..14],
            [0x80, 40, 1, 2, 3, 4, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2]
        );
        assert_eq!(bytes.len(), 16);
        assert_eq!(
            Order::Duty([1, -1]).encode(0x81)[..6],
            [0x81, 34, 0, 1, 0xff, 0xff]
        );
        assert_eq!(Query::Encoders.encode(0x80), [0x80, 78]);
    }

    #[test]
    fn a_changed_byte_is_noticed() {
        let mut bytes = Order::SerialTimeout(1).encode(0x80);
        bytes[2] = 0;
        assert_eq!(Request::decode(&bytes), Err(PacketError::WrongCrc));
        let mut answer = Query::Status.answer(0x80, &[0, 0, 0, 1]);
        assert_eq!(Query::Status.payload(0x80, &answer), Ok(&[0, 0, 0, 1][..]));
        assert_eq!(
            Query::Currents.payload(0x80, &answer),
            Err(PacketError::WrongCrc),
            "an answer to another question"
        );
        answer[3] = 0;
        assert_eq!(
            Query::Status.payload(0x80, &answer),
            Err(PacketError::WrongCrc)
        );
    }
}
