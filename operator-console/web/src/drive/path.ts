import type { Twist } from "@madoguchi/wire";

/** A place in the picture, in parts of its width and of its height. */
export interface Spot {
  x: number;
  y: number;
}

/** A place on the floor, in metres ahead of and to the left of the robot's front. */
interface Place {
  ahead_m: number;
  left_m: number;
}

/** A camera as it is usually mounted on a kiosk; the path is a hint, not a measurement. */
const CAMERA = {
  height_m: 1.2,
  /** Down from the horizon. */
  pitch_rad: 0.3,
  /** From the middle to the left and right edges. */
  half_width: Math.tan(0.61),
  aspect: 4 / 3,
};
const HORIZON_S = 2;
const STEPS = 12;

/** Where the robot's front goes within two seconds at this motion. */
export function pathOf({ linear_m_s, angular_rad_s }: Twist): Place[] {
  const path: Place[] = [];
  let [ahead_m, left_m, heading] = [0, 0, 0];
  const step_s = HORIZON_S / STEPS;
  for (let at = 0; at <= STEPS; at++) {
    path.push({ ahead_m, left_m });
    ahead_m += Math.cos(heading) * linear_m_s * step_s;
    left_m += Math.sin(heading) * linear_m_s * step_s;
    heading += angular_rad_s * step_s;
  }
  return path;
}

/** Where a place on the floor is in the picture; `null` when it isn't in front of the camera. */
export function spotOf({ ahead_m, left_m }: Place): Spot | null {
  const [cos, sin] = [Math.cos(CAMERA.pitch_rad), Math.sin(CAMERA.pitch_rad)];
  const depth = ahead_m * cos + CAMERA.height_m * sin;
  const below = CAMERA.height_m * cos - ahead_m * sin;
  if (depth <= 0.05) return null;
  const half_height = CAMERA.half_width / CAMERA.aspect;
  return {
    x: 0.5 - left_m / depth / CAMERA.half_width / 2,
    y: 0.5 + below / depth / half_height / 2,
  };
}

/** The two edges of the floor that the robot needs on its way, as far as they are in the picture. */
export function trackOf(twist: Twist, half_width_m: number): [Spot[], Spot[]] {
  const path = pathOf(twist);
  const edge = (side: number): Spot[] =>
    path.flatMap(({ ahead_m, left_m }) => {
      const spot = spotOf({ ahead_m: ahead_m + NEAREST_M, left_m: left_m + side * half_width_m });
      return spot ? [spot] : [];
    });
  return [edge(1), edge(-1)];
}

/** The nearest floor that such a camera sees. */
const NEAREST_M = 1.2;
