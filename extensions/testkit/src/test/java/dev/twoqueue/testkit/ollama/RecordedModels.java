package dev.twoqueue.testkit.ollama;

import java.time.Duration;
import java.util.Map;

/** The models of the recordings, with the digests and load times that they have there. */
final class RecordedModels {
  private RecordedModels() {}

  static SimulatedOllamaBuilder server(OllamaVersion version) {
    boolean old = version == OllamaVersion.V0_24;
    SimulatedModel tinyA =
        tiny(
            "tiny-a",
            old
                ? "dd4485de833f0fb710fbe6db9907d20a64194e0c238f3051f5e51e76bbb859f9"
                : "3ad83ce8638cf042d5ef625810b4b9b17057e48c3be12d8b06060aa6318cf204",
            old
                ? "4c2a013207c490c0fba75496915c5edd83ec2a2f65abf141c5dd49203d121425"
                : "0df61c2ad9c5ba0c19e283a7fe6cfbf90efb91a6c3cae342f6d84b38da540428");
    SimulatedModel tinyB =
        tiny(
            "tiny-b",
            old
                ? "099aca023b56d8520c7f210e43d3805b7f93850d3e88bf0408fcc8901dfe24bc"
                : "ef8b9ee94517e4951e23bbb90b99baa28eb0e0afb1568d6e7f8787f56543499d",
            old
                ? "0719958dfaebed560136279ead85bf05f3a43869b39e8f39c692d452dad5e872"
                : "89952c12f0d90fac01d11e6acbf81db6c680441cb9ebd02c1fbd14c0e4382be0");
    return SimulatedOllama.builder()
        .version(version)
        .model(
            SimulatedModel.builder("smollm2:135m")
                .digest(
                    old
                        ? "6124808593b481a50a21cc8af415319ae3529d23f4a924a206e22c45416d1a67"
                        : "fd5f44c0b5aff6453726119fc560d73a8a995a55b4a49804bc24b1969ecf1794")
                .weightsDigest(
                    old
                        ? "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
                        : "941f309b54caaad6747569ba43712bcde44a2be3bae16c3282ff499c37c54af5")
                .details("134.52M", "Q4_1")
                .modelInfo(info("llama", 8192, 576))
                .sizeBytes(98_362_745)
                .workingSet(115_000_000, 23_040)
                .loadTime(Duration.ofMillis(850))
                .tokensPerSecond(20)
                .response(
                    "The number of ways to arrange the first n natural numbers is large. "
                        .repeat(300))
                .build(),
            SimulatedModel.builder("gemma3:270m")
                .digest(
                    old
                        ? "fc5895bbf30f74c90d4235c97149a53ce6cb345f0eef0ec14e0b1d7aca078daa"
                        : "14f8ac0fb3c4d0781f89e8e94fb0f50f6074e4433c57f2974444117109948bb3")
                .weightsDigest("a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818")
                .details("268.10M", "Q4_K_M")
                .modelInfo(info("gemma3", 32768, 640))
                .sizeBytes(253_113_180)
                .workingSet(260_000_000, 6_000)
                .loadTime(Duration.ofMillis(4000))
                .build(),
            tinyA,
            tinyA.toBuilder().name("tiny-a:alias").build(),
            tinyA.toBuilder()
                .name("tiny-a:ctx256")
                .digest(
                    old
                        ? "00b199fb63c7df190080dfea265b0090ac8cdc2d349fc7d7937969caf8c61518"
                        : "aaf7d2313205b76b123831868c4eb679276fcd5f152e37e6cc3fb6c60457915b")
                .parameter("num_ctx", 256)
                .build(),
            tinyB,
            tiny("tiny-c", SimulatedModel.sha256("c"), SimulatedModel.sha256("weights c")),
            tiny(
                    "tiny-embed",
                    old
                        ? "6c08c42b613c79f6d60c231e376286759d4891772f773a067c896f3ecfbbbb28"
                        : "9ad42260daa56b540f8c93879ad76f4c82e9e760b906c8e778daca8c94031956",
                    old
                        ? "f02389dbd2be1866fce8dd441397e049e81451525a90ced960dfde7f0deccc8e"
                        : "377b6bb21a2102f9ebbcb21df171c40d32f718b04422fdc90862075b4dd4e181")
                .toBuilder()
                .capabilities("embedding")
                .build())
        .pullable(pullable());
  }

  static SimulatedModel[] pullable() {
    return new SimulatedModel[] {
      SimulatedModel.builder("127.0.0.1:11511/slow/tiny")
          .weightsDigest("93d2d90a3e507a94398b6db1a2f81e285d4f1624b80f7b8b94a68f65e8fbf9f6")
          .sizeBytes(709_011)
          .build(),
      SimulatedModel.builder("127.0.0.1:11511/slow2/tiny").sizeBytes(709_011).build()
    };
  }

  private static SimulatedModel tiny(String name, String digest, String weights) {
    return SimulatedModel.builder(name)
        .digest(digest)
        .weightsDigest(weights)
        .details("75K", "unknown")
        .modelInfo(info("llama", 2048, 64))
        .sizeBytes(308_919)
        .workingSet(800_000, 700)
        .loadTime(Duration.ofMillis(250))
        .response("B minor")
        .build();
  }

  private static Map<String, Object> info(String family, int context, int embedding) {
    return Map.of(
        "general.architecture",
        family,
        family + ".context_length",
        context,
        family + ".embedding_length",
        embedding);
  }
}
