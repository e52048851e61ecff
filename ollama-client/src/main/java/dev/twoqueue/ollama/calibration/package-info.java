/**
 * Corrects forecasts by what loads really took, within bounds: {@link
 * dev.twoqueue.ollama.calibration.CalibratedPredictor}.
 */
@NullMarked
package dev.twoqueue.ollama.calibration;

import org.jspecify.annotations.NullMarked;
