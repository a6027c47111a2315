import { mount } from "svelte";
import App from "./App.svelte";
import "./operator.css";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app to show the work place in");
mount(App, { target });
