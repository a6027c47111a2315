use std::ops::{Add, Mul, Sub};

/// A place or a direction, in m.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// Along the robot's first heading.
    pub x: f64,
    /// To the left of it.
    pub y: f64,
}

impl Point {
    /// The place at these coordinates.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }

    /// The direction of an angle, of length 1.
    pub(super) fn towards(angle_rad: f64) -> Self {
        Self::new(angle_rad.cos(), angle_rad.sin())
    }

    pub(super) fn dot(self, other: Self) -> f64 {
        self.x * other.x + self.y * other.y
    }

    fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }

    pub(super) fn distance(self, other: Self) -> f64 {
        (self - other).dot(self - other).sqrt()
    }
}

impl Add for Point {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self::new(self.x + other.x, self.y + other.y)
    }
}

impl Sub for Point {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self::new(self.x - other.x, self.y - other.y)
    }
}

impl Mul<f64> for Point {
    type Output = Self;
    fn mul(self, factor: f64) -> Self {
        Self::new(self.x * factor, self.y * factor)
    }
}

/// A straight wall from one end to the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Segment(pub Point, pub Point);

impl Segment {
    /// The place of the wall that is nearest to `from`.
    pub(super) fn nearest(&self, from: Point) -> Point {
        let along = self.1 - self.0;
        let length_squared = along.dot(along);
        if length_squared == 0.0 {
            return self.0;
        }
        let part = (from - self.0).dot(along) / length_squared;
        self.0 + along * part.clamp(0.0, 1.0)
    }

    /// How far a ray of direction `along` gets until the wall, if it hits it.
    pub(super) fn hit(&self, from: Point, along: Point) -> Option<f64> {
        let wall = self.1 - self.0;
        let crossing = along.cross(wall);
        if crossing == 0.0 {
            return None;
        }
        let way = (self.0 - from).cross(wall) / crossing;
        let part = (self.0 - from).cross(along) / crossing;
        (way >= 0.0 && (0.0..=1.0).contains(&part)).then_some(way)
    }
}

/// How far a ray gets until a circle, if it hits it.
pub(super) fn hit_circle(from: Point, along: Point, middle: Point, radius: f64) -> Option<f64> {
    let to_middle = middle - from;
    let nearest = to_middle.dot(along);
    let squared = radius * radius - (to_middle.dot(to_middle) - nearest * nearest);
    if squared < 0.0 {
        return None;
    }
    let way = nearest - squared.sqrt();
    (way >= 0.0).then_some(way)
}

/// A rectangle along the axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// The corner with the smaller coordinates.
    pub from: Point,
    /// The corner with the greater ones.
    pub to: Point,
}

impl Area {
    pub(super) fn contains(&self, at: Point) -> bool {
        (self.from.x..=self.to.x).contains(&at.x) && (self.from.y..=self.to.y).contains(&at.y)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rays_hit_what_stands_before_them_and_nothing_behind() {
        let wall = Segment(Point::new(2.0, -1.0), Point::new(2.0, 1.0));
        let ahead = Point::towards(0.0);
        assert_eq!(wall.hit(Point::default(), ahead), Some(2.0));
        assert_eq!(wall.hit(Point::new(3.0, 0.0), ahead), None);
        assert_eq!(wall.hit(Point::new(0.0, 1.1), ahead), None);
        assert_eq!(
            hit_circle(Point::default(), ahead, Point::new(3.0, 0.0), 0.5),
            Some(2.5)
        );
        assert_eq!(
            hit_circle(Point::default(), ahead, Point::new(-3.0, 0.0), 0.5),
            None
        );
    }

    #[test]
    fn a_walls_nearest_place_may_be_its_end() {
        let wall = Segment(Point::new(2.0, -1.0), Point::new(2.0, 1.0));
        assert_eq!(wall.nearest(Point::new(0.0, 0.5)), Point::new(2.0, 0.5));
        assert_eq!(wall.nearest(Point::new(0.0, 5.0)), Point::new(2.0, 1.0));
    }
}
