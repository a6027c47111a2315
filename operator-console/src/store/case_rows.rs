//! A case as a row.

use madoguchi_shared::ids::{CaseId, OperatorId, UnixMs};
use madoguchi_shared::operator::CaseEntry;
use madoguchi_shared::packet::{OperatorCard, ReturnPacket, Route};
use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::{Result, StoreError, from_text, from_word, id_column};

/// A case as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRecord {
    /// What the queue shows.
    pub entry: CaseEntry,
    /// The packet's highest stored revision.
    pub revision: u32,
    /// What the operator gave back, once ended.
    pub back: Option<ReturnPacket>,
    /// To whom it should go.
    pub route: Route,
    /// Where the robot stands.
    pub site: String,
    /// Who held the newest other case of the same visit.
    pub previous: Option<OperatorId>,
}

/// The query that [`record`] reads, with what follows its joins.
macro_rules! select_case {
    ($tail:literal) => {
        concat!(
            "SELECT c.id, c.robot_id, r.name AS robot_name, c.reason, c.language, c.priority, ",
            "c.opened_at, c.state, c.owner, c.failure, c.return_packet, c.hold, c.transfer, ",
            "p.revision, ",
            "c.route, r.site, (SELECT e.operator_id FROM cases e WHERE e.visit_id = c.visit_id ",
            "AND e.id <> c.id AND e.operator_id IS NOT NULL ",
            "ORDER BY e.opened_at DESC LIMIT 1) AS previous, ",
            "o.id AS operator_id, o.name AS operator_name, o.languages AS operator_languages ",
            "FROM cases c JOIN robots r ON r.id = c.robot_id ",
            "JOIN packets p ON p.case_id = c.id ",
            "LEFT JOIN operators o ON o.id = c.operator_id ",
            $tail
        )
    };
}

pub(super) use select_case;

pub(super) fn record(row: &AnyRow) -> Result<CaseRecord> {
    let operator = match row.try_get::<Option<String>, _>("operator_id")? {
        None => None,
        Some(_) => Some(OperatorCard {
            id: id_column(row, "operator_id")?,
            name: row.try_get("operator_name")?,
            languages: from_text(
                &row.try_get::<String, _>("operator_languages")?,
                "languages",
            )?,
        }),
    };
    let language = row.try_get::<Option<String>, _>("language")?;
    let failure = row.try_get::<Option<String>, _>("failure")?;
    let back = row.try_get::<Option<String>, _>("return_packet")?;
    let hold = row.try_get::<Option<String>, _>("hold")?;
    let transfer = row.try_get::<Option<String>, _>("transfer")?;
    let route = row.try_get::<Option<String>, _>("route")?;
    let previous = row.try_get::<Option<String>, _>("previous")?;
    let priority = u8::try_from(row.try_get::<i64, _>("priority")?).unwrap_or(u8::MAX);
    Ok(CaseRecord {
        entry: CaseEntry {
            case_id: id_column(row, "id")?,
            robot_id: id_column(row, "robot_id")?,
            robot_name: row.try_get("robot_name")?,
            reason: from_word(row.try_get("reason")?, "reason")?,
            language: language
                .map(|tag| {
                    tag.parse()
                        .map_err(|_| StoreError::Unreadable { what: "language" })
                })
                .transpose()?,
            priority,
            opened_at: UnixMs(row.try_get("opened_at")?),
            state: from_word(row.try_get("state")?, "state")?,
            owner: from_word(row.try_get("owner")?, "owner")?,
            operator,
            failure: failure.map(|word| from_word(word, "failure")).transpose()?,
            offer: None,
            hold: hold.map(|text| from_text(&text, "hold")).transpose()?,
            transfer: transfer
                .map(|text| from_text(&text, "transfer"))
                .transpose()?,
        },
        revision: revision_of(row)?,
        back: back
            .map(|text| from_text(&text, "return packet"))
            .transpose()?,
        route: match route {
            Some(text) => from_text(&text, "route")?,
            // A case of an earlier version.
            None => Route {
                languages: Vec::new(),
                skills: Vec::new(),
                authority: Vec::new(),
                priority,
                steps: Vec::new(),
                fallback: Vec::new(),
            },
        },
        site: row.try_get("site")?,
        previous: previous
            .map(|id| {
                id.parse()
                    .map_err(|_| StoreError::Unreadable { what: "previous" })
            })
            .transpose()?,
    })
}

pub(super) fn revision_of(row: &AnyRow) -> Result<u32> {
    u32::try_from(row.try_get::<i64, _>("revision")?)
        .map_err(|_| StoreError::Unreadable { what: "revision" })
}

pub(super) async fn load(
    tx: &mut Transaction<'_, Any>,
    case: CaseId,
) -> Result<Option<CaseRecord>> {
    let row = sqlx::query(select_case!("WHERE c.id = $1"))
        .bind(case.to_string())
        .fetch_optional(&mut **tx)
        .await?;
    row.as_ref().map(record).transpose()
}
