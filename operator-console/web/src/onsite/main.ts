import { mount } from "svelte";
import "../operator.css";
import Onsite from "./Onsite.svelte";

const target = document.getElementById("app");
if (!target) throw new Error("onsite.html has no #app to show the case in");
mount(Onsite, { target });
