/** The workbench: stages, settings, network, training, curves, verdict, and what can be taken along. */

import { addressing } from "./address.js";
import { curves } from "./curves.js";
import { following } from "./follow.js";
import { configuring } from "./hyperparameters.js";
import { network } from "./network.js";
import { runs } from "./runs.js";
import { settings } from "./settings.js";
import { tabs } from "./tabs.js";
import { take } from "./take.js";
import { top } from "./top.js";
import { training } from "./train.js";
import { verdict } from "./verdict.js";

/** Builds all of it. */
export function workbench() {
  for (const part of [
    top,
    addressing,
    following,
    configuring,
    settings,
    network,
    training,
    verdict,
    curves,
    tabs,
    take,
    runs,
  ])
    part();
}
