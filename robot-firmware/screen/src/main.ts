import { mount } from "svelte";
import App from "./App.svelte";
import "./screen.css";

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app to show the screen in");
mount(App, { target });
