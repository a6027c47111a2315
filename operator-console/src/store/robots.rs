//! Robots and the one-time codes by which they are claimed.

use madoguchi_shared::ids::{RobotId, UnixMs};
use sqlx::Row;
use sqlx::any::AnyRow;
use uuid::Uuid;

use super::{Result, Store, StoreError, id_column};

/// A claimed robot.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct RobotRecord {
    /// Its identity at this console.
    pub id: RobotId,
    /// Its name.
    pub name: String,
    /// The Ed25519 public key by which it was claimed, 32 bytes in base64.
    #[serde(skip)]
    pub public_key: String,
    /// The office it stands in.
    pub site: String,
    /// Where in the office.
    pub place: String,
    /// When it was claimed.
    pub claimed_at: UnixMs,
    /// When it was last heard, give or take a third of the time after which it counts as gone.
    pub last_seen: Option<UnixMs>,
    /// Until when it counts as connected; absent when it isn't.
    #[serde(skip)]
    pub connected_until: Option<UnixMs>,
}

/// What a claim code grants to the robot that presents it first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimOffer {
    /// SHA-256 of the code.
    pub code_hash: String,
    /// The robot's future name.
    pub name: String,
    /// Its office.
    pub site: String,
    /// Where in the office.
    pub place: String,
    /// Until when the code holds.
    pub expires_at: UnixMs,
}

fn record(row: &AnyRow) -> Result<RobotRecord> {
    Ok(RobotRecord {
        id: id_column(row, "id")?,
        name: row.try_get("name")?,
        public_key: row.try_get("public_key")?,
        site: row.try_get("site")?,
        place: row.try_get("place")?,
        claimed_at: UnixMs(row.try_get("claimed_at")?),
        last_seen: row.try_get::<Option<i64>, _>("last_seen")?.map(UnixMs),
        connected_until: row
            .try_get::<Option<i64>, _>("connected_until")?
            .map(UnixMs),
    })
}

impl Store {
    /// Keeps a claim code; expired ones are swept out on the way.
    pub async fn add_claim_code(&self, offer: &ClaimOffer, now: UnixMs) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query("DELETE FROM claim_codes WHERE expires_at <= $1")
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "INSERT INTO claim_codes (code_hash, name, site, place, expires_at) \
             VALUES ($1, $2, $3, $4, $5)",
        )
        .bind(offer.code_hash.clone())
        .bind(offer.name.clone())
        .bind(offer.site.clone())
        .bind(offer.place.clone())
        .bind(offer.expires_at.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Spends a claim code for a device key. `None` when the code is unknown, used or expired.
    pub async fn claim(
        &self,
        code_hash: &str,
        public_key: &str,
        now: UnixMs,
    ) -> Result<Option<RobotRecord>> {
        let mut tx = self.begin().await?;
        let Some(row) = sqlx::query(
            "DELETE FROM claim_codes WHERE code_hash = $1 AND expires_at > $2 \
             RETURNING name, site, place",
        )
        .bind(code_hash.to_owned())
        .bind(now.0)
        .fetch_optional(&mut *tx)
        .await?
        else {
            return Ok(None);
        };
        let robot = RobotRecord {
            id: RobotId(Uuid::now_v7()),
            name: row.try_get("name")?,
            public_key: public_key.to_owned(),
            site: row.try_get("site")?,
            place: row.try_get("place")?,
            claimed_at: now,
            last_seen: Some(now),
            connected_until: None,
        };
        sqlx::query(
            "INSERT INTO robots (id, public_key, name, site, place, claimed_at, last_seen) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(robot.id.to_string())
        .bind(robot.public_key.clone())
        .bind(robot.name.clone())
        .bind(robot.site.clone())
        .bind(robot.place.clone())
        .bind(now.0)
        .bind(now.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(robot))
    }

    /// The robot that holds a device key.
    pub async fn robot_by_key(&self, public_key: &str) -> Result<Option<RobotRecord>> {
        let row = sqlx::query(
            "SELECT id, name, public_key, site, place, claimed_at, last_seen, connected_until \
             FROM robots \
             WHERE public_key = $1",
        )
        .bind(public_key.to_owned())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(record).transpose()
    }

    /// All claimed robots by site and name.
    pub async fn robots(&self) -> Result<Vec<RobotRecord>> {
        let rows = sqlx::query(
            "SELECT id, name, public_key, site, place, claimed_at, last_seen, connected_until \
             FROM robots \
             ORDER BY site, name, id",
        )
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(record).collect()
    }

    /// Notes that a robot was heard, and until when it counts as connected (`None`: it left).
    /// `false` when the robot isn't claimed any more.
    pub async fn robot_seen(
        &self,
        robot: RobotId,
        at: UnixMs,
        connected_until: Option<UnixMs>,
    ) -> Result<bool> {
        let touched =
            sqlx::query("UPDATE robots SET last_seen = $1, connected_until = $2 WHERE id = $3")
                .bind(at.0)
                .bind(connected_until.map(|until| until.0))
                .bind(robot.to_string())
                .execute(&self.pool)
                .await?;
        Ok(touched.rows_affected() == 1)
    }

    /// Forgets a robot, by id or by a name that only it has, and erases its cases.
    pub async fn remove_robot(&self, id_or_name: &str) -> Result<RobotRecord> {
        let missing = || StoreError::Missing {
            what: "robot with the id or unique name",
            name: id_or_name.to_owned(),
        };
        let robots = self.robots().await?;
        let mut fitting = robots
            .into_iter()
            .filter(|robot| robot.id.to_string() == id_or_name || robot.name == id_or_name);
        let robot = fitting.next().ok_or_else(missing)?;
        if fitting.next().is_some() {
            return Err(missing());
        }
        sqlx::query("DELETE FROM robots WHERE id = $1")
            .bind(robot.id.to_string())
            .execute(&self.pool)
            .await?;
        self.empty_log().await;
        Ok(robot)
    }
}
