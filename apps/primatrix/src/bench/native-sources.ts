/** Reading a table, the clock, the report. */
const common = `
#include <sys/resource.h>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static std::vector<float> floatsOf(const char* path, size_t length) {
  std::vector<float> values(length);
  FILE* file = std::fopen(path, "rb");
  if (file == nullptr || std::fread(values.data(), 4, length, file) != length) {
    std::fprintf(stderr, "%s cannot be read\\n", path);
    std::exit(1);
  }
  std::fclose(file);
  return values;
}

static void write(const char* path, const void* data, size_t bytes) {
  FILE* file = std::fopen(path, "wb");
  if (file == nullptr || std::fwrite(data, 1, bytes, file) != bytes || std::fclose(file) != 0) {
    std::fprintf(stderr, "%s cannot be written\\n", path);
    std::exit(1);
  }
}

// Linux hands the most memory that getrusage tells down from the process that started this one; what /proc tells is its own.
static double peakBytes() {
  FILE* status = std::fopen("/proc/self/status", "r");
  if (status != nullptr) {
    char line[256];
    while (std::fgets(line, sizeof line, status) != nullptr) {
      double kilobytes = 0;
      if (std::sscanf(line, "VmHWM: %lf kB", &kilobytes) == 1) return 1024 * kilobytes;
    }
  }
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

static void report(double start, double created, double trained, double end, clock_t cpu) {
  std::printf("{\\"createSeconds\\": %.6f, \\"trainSeconds\\": %.6f, \\"predictSeconds\\": %.6f, \\"cpuSeconds\\": %.6f, \\"peakBytes\\": %.0f}\\n",
              created - start, trained - created, end - trained, double(cpu) / CLOCKS_PER_SEC, peakBytes());
}
`;

/** Arguments: matrix, labels, predictions, rows, columns, classes, rounds, dataset parameters, training parameters, prediction parameters. */
export const lightgbmSource = `${common}
extern "C" {
const char* LGBM_GetLastError();
int LGBM_DatasetCreateFromMat(const void*, int, int32_t, int32_t, int, const char*, void*, void**);
int LGBM_DatasetSetField(void*, const char*, const void*, int, int);
int LGBM_BoosterCreate(void*, const char*, void**);
int LGBM_BoosterUpdateOneIter(void*, int*);
int LGBM_BoosterPredictForMat(void*, const void*, int, int32_t, int32_t, int, int, int, int, const char*, int64_t*, double*);
}

static void check(int status) {
  if (status == 0) return;
  std::fprintf(stderr, "%s\\n", LGBM_GetLastError());
  std::exit(1);
}

int main(int, char** argument) {
  const int rows = std::atoi(argument[4]), columns = std::atoi(argument[5]), classes = std::atoi(argument[6]), rounds = std::atoi(argument[7]);
  const std::vector<float> matrix = floatsOf(argument[1], size_t(rows) * columns);
  const std::vector<float> labels = floatsOf(argument[2], rows);
  const clock_t before = std::clock();
  const double start = now();
  void* dataset = nullptr;
  check(LGBM_DatasetCreateFromMat(matrix.data(), 0, rows, columns, 1, argument[8], nullptr, &dataset));
  check(LGBM_DatasetSetField(dataset, "label", labels.data(), rows, 0));
  const double created = now();
  void* booster = nullptr;
  check(LGBM_BoosterCreate(dataset, argument[9], &booster));
  int finished = 0;
  for (int round = 0; round < rounds && finished == 0; round++) check(LGBM_BoosterUpdateOneIter(booster, &finished));
  const double trained = now();
  const clock_t cpu = std::clock() - before;
  std::vector<double> predictions(size_t(rows) * classes);
  int64_t length = 0;
  check(LGBM_BoosterPredictForMat(booster, matrix.data(), 0, rows, columns, 1, 0, 0, 0, argument[10], &length, predictions.data()));
  const double end = now();
  write(argument[3], predictions.data(), size_t(length) * 8);
  report(start, created, trained, end, cpu);
}
`;

/** Arguments: matrix, labels, predictions, rows, columns, classes, rounds, threads, then parameters as name and value. */
export const xgboostSource = `${common}
extern "C" {
const char* XGBGetLastError();
int XGDMatrixCreateFromDense(const char*, const char*, void**);
int XGDMatrixSetFloatInfo(void*, const char*, const float*, uint64_t);
int XGBoosterCreate(void* const*, uint64_t, void**);
int XGBoosterSetParam(void*, const char*, const char*);
int XGBoosterUpdateOneIter(void*, int, void*);
int XGBoosterPredictFromDense(void*, const char*, const char*, void*, const uint64_t**, uint64_t*, const float**);
}

static void check(int status) {
  if (status == 0) return;
  std::fprintf(stderr, "%s\\n", XGBGetLastError());
  std::exit(1);
}

int main(int count, char** argument) {
  const int rows = std::atoi(argument[4]), columns = std::atoi(argument[5]), rounds = std::atoi(argument[7]);
  const std::vector<float> matrix = floatsOf(argument[1], size_t(rows) * columns);
  const std::vector<float> labels = floatsOf(argument[2], rows);
  const std::string table = "{\\"data\\": [" + std::to_string(reinterpret_cast<uintptr_t>(matrix.data())) + ", true], \\"shape\\": [" + std::to_string(rows) + ", " +
                            std::to_string(columns) + "], \\"typestr\\": \\"<f4\\", \\"version\\": 3}";
  const std::string create = "{\\"missing\\": NaN, \\"nthread\\": " + std::string(argument[8]) + "}";
  const clock_t before = std::clock();
  const double start = now();
  void* dataset = nullptr;
  check(XGDMatrixCreateFromDense(table.c_str(), create.c_str(), &dataset));
  check(XGDMatrixSetFloatInfo(dataset, "label", labels.data(), rows));
  const double created = now();
  void* booster = nullptr;
  check(XGBoosterCreate(&dataset, 1, &booster));
  for (int index = 9; index + 1 < count; index += 2) check(XGBoosterSetParam(booster, argument[index], argument[index + 1]));
  for (int round = 0; round < rounds; round++) check(XGBoosterUpdateOneIter(booster, round, dataset));
  const double trained = now();
  const clock_t cpu = std::clock() - before;
  const char* predict = "{\\"type\\": 0, \\"training\\": false, \\"iteration_begin\\": 0, \\"iteration_end\\": 0, \\"strict_shape\\": true, \\"cache_id\\": 0, \\"missing\\": NaN}";
  const uint64_t* shape = nullptr;
  uint64_t dimensions = 0;
  const float* predictions = nullptr;
  check(XGBoosterPredictFromDense(booster, table.c_str(), predict, nullptr, &shape, &dimensions, &predictions));
  const double end = now();
  write(argument[3], predictions, shape[0] * shape[1] * 4);
  report(start, created, trained, end, cpu);
}
`;
